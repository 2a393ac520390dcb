import { Field } from '../../ui/field.tsx';

interface SetupCodeFieldProps {
  /** The code of the link that was opened; empty where there was none. */
  code: string;
  autoFocus?: boolean;
  testId: string;
}

/** The code that was printed where the server was started: it proves who may make the first owner. */
export function SetupCodeField({ code, autoFocus = false, testId }: SetupCodeFieldProps) {
  return (
    <Field
      key={code}
      label="Setup code"
      hint={code === '' ? 'It was printed where the server was started.' : 'Filled in from the link you opened.'}
      name="code"
      required
      autoComplete="off"
      autoCapitalize="characters"
      spellCheck={false}
      defaultValue={code}
      autoFocus={autoFocus}
      className="font-mono tracking-widest"
      testId={testId}
    />
  );
}
