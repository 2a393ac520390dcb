import { Field } from '../../ui/field.tsx';

interface CodeFieldProps {
  label: string;
  /** Where whoever has no link finds it. */
  hint: string;
  /** The code of the link that was opened; empty where there was none. */
  code: string;
  autoFocus?: boolean;
  testId: string;
}

/** The code that lets somebody in who has no account yet, or no password. */
export function CodeField({ label, hint, code, autoFocus = false, testId }: CodeFieldProps) {
  return (
    <Field
      key={code}
      label={label}
      hint={code === '' ? hint : 'Filled in from the link you opened.'}
      name="code"
      required
      maxLength={64}
      autoComplete="off"
      autoCapitalize="characters"
      spellCheck={false}
      defaultValue={code}
      autoFocus={autoFocus}
      className="font-mono tracking-wider"
      testId={testId}
    />
  );
}

/** The code that was printed where the server was started: it proves who may make the first owner. */
export function SetupCodeField(props: Omit<CodeFieldProps, 'label' | 'hint'>) {
  return <CodeField label="Setup code" hint="It was printed where the server was started." {...props} />;
}
