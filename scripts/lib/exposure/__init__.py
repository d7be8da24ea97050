# SPDX-License-Identifier: GPL-2.0-only
"""scripts/bench exposure: known bugs x engines x trials, and how soon each is reached, triggered, detected."""
