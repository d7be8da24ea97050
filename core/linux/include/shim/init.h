/* SPDX-License-Identifier: GPL-2.0-only */
/* Initcalls and system calls become functions that world.c calls; sysctls have their defaults. */
#ifndef _SHIM_INIT_H
#define _SHIM_INIT_H

#define subsys_initcall(fn) int tree_initcall_##fn(void); int tree_initcall_##fn(void) { return fn(); }
#define __initcall(fn) int tree_initcall_##fn(void); int tree_initcall_##fn(void) { return fn(); }
#define SYSCALL_DEFINE1(n, t1, a1) long tree_sys_##n(t1 a1); long tree_sys_##n(t1 a1)
#define SYSCALL_DEFINE2(n, t1, a1, t2, a2) \
	long tree_sys_##n(t1 a1, t2 a2); long tree_sys_##n(t1 a1, t2 a2)
#define capable(x) true
#define CAP_SYS_ADMIN 0

struct ctl_table {
	const char *procname;
	void *data;
	int maxlen, mode;
	void *proc_handler, *extra1, *extra2;
};
#define SYSCTL_ZERO NULL
#define proc_dointvec_minmax NULL
/* page-cluster is 1: two slots are read ahead, as clusters are small */
void tree_sysctl(const struct ctl_table *table);
#define register_sysctl_init(path, table) tree_sysctl(table)

#endif /* _SHIM_INIT_H */
