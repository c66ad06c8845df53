"""Libraries verified, repaired, restored and indexed anew.

Imports every other room but `sync` and `distributed`.
"""
