// SPDX-License-Identifier: GPL-2.0-only
/* The only calls of liburcu's RCU; apart from rcu.c, since its headers use the same names. */
#include <urcu/urcu-memb.h>

void native_urcu_read_lock(void);
void native_urcu_read_unlock(void);
void native_urcu_register(void);
void native_urcu_unregister(void);
void native_urcu_synchronize(void);

void native_urcu_read_lock(void)
{
	urcu_memb_read_lock();
}

void native_urcu_read_unlock(void)
{
	urcu_memb_read_unlock();
}

void native_urcu_register(void)
{
	urcu_memb_register_thread();
}

void native_urcu_unregister(void)
{
	urcu_memb_unregister_thread();
}

void native_urcu_synchronize(void)
{
	urcu_memb_synchronize_rcu();
}
