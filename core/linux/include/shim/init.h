/* SPDX-License-Identifier: GPL-2.0-only */
/* Initcalls and system calls become functions that world.c calls; sysctls have their defaults. */
#ifndef _SHIM_INIT_H
#define _SHIM_INIT_H

#define subsys_initcall(fn) int tree_initcall_##fn(void); int tree_initcall_##fn(void) { return fn(); }
#define core_initcall(fn) subsys_initcall(fn)
#define fs_initcall(fn) subsys_initcall(fn)
#define late_initcall(fn) subsys_initcall(fn)
#define module_init(fn) subsys_initcall(fn)
#define __setup(option, fn) static __attribute__((unused)) int (*const tree_setup_##fn)(char *) = fn;
#define early_param(option, fn) __setup(option, fn)
#define module_param(name, type, mode)
#define module_param_named(name, value, type, mode)
#define MODULE_PARM_DESC(name, text)
#define __initcall(fn) int tree_initcall_##fn(void); int tree_initcall_##fn(void) { return fn(); }
#define SYSCALL_DEFINE1(n, t1, a1) long tree_sys_##n(t1 a1); long tree_sys_##n(t1 a1)
#define SYSCALL_DEFINE2(n, t1, a1, t2, a2) \
	long tree_sys_##n(t1 a1, t2 a2); long tree_sys_##n(t1 a1, t2 a2)
bool tree_capable(void);
#define capable(x) ((void)(x), tree_capable())
#define CAP_SYS_ADMIN 0

/* a branch that is patched at run time is one that is looked at */
struct static_key { bool on; };
#define DEFINE_STATIC_KEY_FALSE(name) struct static_key name = { false }
#define DEFINE_STATIC_KEY_TRUE(name) struct static_key name = { true }
#define static_branch_likely(key) READ_ONCE((key)->on)
#define static_branch_unlikely(key) READ_ONCE((key)->on)
#define static_branch_enable(key) WRITE_ONCE((key)->on, true)
#define static_branch_disable(key) WRITE_ONCE((key)->on, false)
#define static_key_enabled(key) READ_ONCE((key)->on)

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
