"""Two calm themes, dark and light; every text colour stands at least 4.5 to 1 against its ground (a test holds it)."""

from __future__ import annotations

from textual.theme import Theme

DARK = Theme(
    name="desk-dark", dark=True, primary="#7fb4ff", secondary="#b7a3f5", accent="#c9a6f7", success="#86d68c",
    warning="#f0c667", error="#ff8b8b", foreground="#e4e7ee", background="#12151b", surface="#181c24", panel="#212733",
    boost="#262d3b",
    variables={
        "text-muted": "#a6b0c0", "text-primary": "#7fb4ff", "text-success": "#86d68c", "text-warning": "#f0c667",
        "text-error": "#ff8b8b", "text-accent": "#c9a6f7", "border": "#7fb4ff", "border-blurred": "#39424f",
        "input-selection-background": "#2d4c78", "block-cursor-background": "#2d4c78", "block-cursor-foreground": "#ffffff",
        "block-cursor-text-style": "bold",
    },
)  # fmt: skip
LIGHT = Theme(
    name="desk-light", dark=False, primary="#1c57a3", secondary="#5b46a8", accent="#7a3fa8", success="#1a5f26",
    warning="#6b4600", error="#a91b18", foreground="#1c2027", background="#fbfaf8", surface="#f3f1ed", panel="#e8e5df",
    boost="#dfdbd3",
    variables={
        "text-muted": "#4f5661", "text-primary": "#1c57a3", "text-success": "#1a5f26", "text-warning": "#6b4600",
        "text-error": "#a91b18", "text-accent": "#7a3fa8", "border": "#1c57a3", "border-blurred": "#b9b4aa",
        "input-selection-background": "#b9d3f3", "block-cursor-background": "#c9ddf6", "block-cursor-foreground": "#10233d",
        "block-cursor-text-style": "bold",
    },
)  # fmt: skip
