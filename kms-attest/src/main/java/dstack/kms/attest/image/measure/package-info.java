/**
 * From an image's files, or from the document that stands for them, to the registers that a TDX
 * guest must have (specification 17 §4 to §6). Pure functions over bounded input: hostile files end
 * in a refusal.
 */
@NullMarked
package dstack.kms.attest.image.measure;

import org.jspecify.annotations.NullMarked;
