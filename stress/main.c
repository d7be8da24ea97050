// SPDX-License-Identifier: GPL-2.0-only
#include "stress.h"

int main(int argc, char **argv)
{
	options_parse(argc, argv);
	return run();
}
