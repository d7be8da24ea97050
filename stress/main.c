// SPDX-License-Identifier: GPL-2.0-only
#include <util/cli.h>
#include "stress.h"

int main(int argc, char **argv)
{
	options_parse(argc, argv);
	return cli_finish("stress", run());
}
