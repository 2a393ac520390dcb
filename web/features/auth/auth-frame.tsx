import type { FormEvent, ReactNode } from 'react';
import { messageOf } from '../../app/problem-answer.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { Logo } from '../../ui/logo.tsx';

interface AuthFrameProps {
  title: string;
  intro: string;
  submit: string;
  submitTestId: string;
  busy: boolean;
  error: unknown;
  onSubmit(form: FormData): void;
  children: ReactNode;
  /** Another way, below what most people want. */
  otherwise?: ReactNode;
}

/** The page before the door: one form by the fire. */
export function AuthFrame(props: AuthFrameProps) {
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    props.onSubmit(new FormData(event.currentTarget));
  };
  return (
    <main className="hearth-glow grid min-h-dvh place-items-center px-4 py-10">
      <div className="w-full max-w-[26rem] animate-rise">
        <div className="mb-8 text-center">
          <Logo className="mx-auto mb-6 size-16 drop-shadow-[0_10px_40px_rgb(255_123_51/0.4)]" />
          <h1 className="text-[1.75rem] leading-tight font-bold">{props.title}</h1>
          <p className="mt-2 text-pretty text-sand">{props.intro}</p>
        </div>
        <form onSubmit={onSubmit} className="panel flex flex-col gap-5 p-6 shadow-2xl shadow-black/50 sm:p-7">
          {props.children}
          {props.error != null && (
            <p role="alert" className="flex items-start gap-2.5 rounded-xl bg-bad/12 px-3.5 py-3 text-sm text-bad">
              <Icon name="warning" className="mt-px size-5" />
              {messageOf(props.error)}
            </p>
          )}
          <Button type="submit" variant="primary" size="lg" busy={props.busy} data-testid={props.submitTestId}>
            {props.submit}
          </Button>
          {props.otherwise && <p className="text-center text-sm text-smoke">{props.otherwise}</p>}
        </form>
      </div>
    </main>
  );
}
