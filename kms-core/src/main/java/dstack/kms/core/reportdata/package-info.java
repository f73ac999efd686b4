/** The 64 bytes that hardware evidence binds to a key or to data (specification 02 §4, 10 §4). */
@NullMarked
package dstack.kms.core.reportdata;

import org.jspecify.annotations.NullMarked;
