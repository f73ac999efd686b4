@NullMarked
package dstack.kms.cli.config;

import org.jspecify.annotations.NullMarked;
