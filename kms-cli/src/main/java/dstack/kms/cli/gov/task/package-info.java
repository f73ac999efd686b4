/**
 * The commands that change a policy: one for each task of specification 22 §6, all carried out the
 * same way by {@link dstack.kms.cli.gov.task.TaskRun}.
 */
@NullMarked
package dstack.kms.cli.gov.task;

import org.jspecify.annotations.NullMarked;
