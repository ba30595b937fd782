/** SupSup itself: a supermask for each task over frozen random weights (Wortsman et al. 2020, arXiv 2006.14769). */
@NullMarked
package io.palimpsest.supsup.method.supermask;

import org.jspecify.annotations.NullMarked;
