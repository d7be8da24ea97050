// SPDX-License-Identifier: GPL-2.0-only
// File: mm/page_io.c
// Deliberately broken: a bio keeps a reference to its cgroup.
@@
expression css;
@@
 bio_associate_blkg_from_page(...)
 {
 <...
-	if (css)
-		css_put(css);
 ...>
 }
