# SPDX-License-Identifier: GPL-2.0-only
"""
What runs at night. scripts/nightly and scripts/findings are made of it.

  plan      which engines there are, of core/swap and of a kernel tree
  arms      an engine with a variant and a strategy: runs for a slice of time, leaves findings
  bandit    which one is next
  night     one night: corpus, what was found before, slices
  journal   what a night has done, for the next start
  triage    from what an engine left to an entry of the ledger: shrunk, replayed, drawn
  tools     replay, shrink and explore, bounded by the night
  cause     which findings have one cause, of those that fail at one place
  origin    which have one cause, of those that several checks see
  ledger    the entries, in one plain file
  record    a night as JSON
  disk      how much room all of it takes
"""
