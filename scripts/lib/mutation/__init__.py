# SPDX-License-Identifier: GPL-2.0-only
"""First-order mutants of the code under test: made by rule, built, hunted. See lib.mutate."""
