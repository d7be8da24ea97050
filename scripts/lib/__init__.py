# SPDX-License-Identifier: GPL-2.0-only
"""
What the scripts share. Python >= 3.9, standard library only.

  start      how a script begins: locale, exit statuses, the two kinds of trouble
  options    arguments, and numbers that mean what they say
  job        programs in process groups of their own, which end within 2 s and die with us
  build      scripts/setup and ninja, with progress
  verdict    PASS, FAIL, INCOMPLETE: in words and as exit status
  progress   one live line on a terminal, plain lines in a log
  files      files that are there completely or not at all; a directory for each run; locks
"""
