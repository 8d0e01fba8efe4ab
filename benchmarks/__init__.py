"""How fast it is, said in ratios: each figure stands beside a floor that was measured in the same run on the same machine.

    python -m benchmarks            all of them
    python -m benchmarks startup    one

A module each; its docstring says what is compared with what.
"""
