# SPDX-License-Identifier: GPL-2.0-only
"""
Kernel trees under the harness: what scripts/tree is made of.

  debian     Debian's linux-source packages: downloaded, kept, unpacked
  source     where files come from: Debian's package, a directory, a git worktree
  diff       patches as they are mailed: their files and hunks
  change     patches and semantic patches on a copy
  lines      the copy's line numbers are the tree's
  probe      which symbols a tree has, and so which generation of the API it is of
  graph      what ninja reads of it
  corpus     what programs of the corpus do on a tree
  known      which known flaw a finding shows
  test       scripts/test on a tree
  coverage   which lines of a tree are reached
  take       all of that: a tree becomes out/tree/NAME
"""
