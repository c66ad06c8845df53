"""How good it is, and whether it got worse: sets, runs, metrics, sweeps, floors."""
