import { PasswordField } from '../../ui/field.tsx';
import type { passwordProblem } from './setup-form.ts';

/** A new password and the same once more, as fields `password` and `confirmation` of the form around them. */
export function NewPasswordFields(props: {
  label: 'Password' | 'New password';
  problem: ReturnType<typeof passwordProblem>;
  testId: string;
  confirmationTestId: string;
  autoFocus?: boolean;
}) {
  const { label, problem } = props;
  const common = { required: true, maxLength: 256, autoComplete: 'new-password' } as const;
  return (
    <>
      <PasswordField
        {...common}
        label={label}
        hint="At least 8 characters. A few words in a row are best."
        error={problem?.field === 'password' ? problem.text : null}
        name="password"
        autoFocus={props.autoFocus ?? false}
        testId={props.testId}
      />
      <PasswordField
        {...common}
        label={`${label} once more`}
        error={problem?.field === 'confirmation' ? problem.text : null}
        name="confirmation"
        testId={props.confirmationTestId}
      />
    </>
  );
}
