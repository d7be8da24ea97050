// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: swapoff leaves the file open if its task may not swap a device off.
@@
@@
-	if (!capable(CAP_SYS_ADMIN))
-		return -EPERM;
@@
expression flags;
@@
	if (flags & ~SWAP_FLAGS_VALID)
		return -EINVAL;
+	if (!capable(CAP_SYS_ADMIN))
+		return -EPERM;
@@
expression victim, path, how;
@@
	victim = file_open_name(path, how, 0);
	if (IS_ERR(victim))
		return PTR_ERR(victim);
+	if (!capable(CAP_SYS_ADMIN))
+		return -EPERM;
