import { useState } from 'react';
import { Button } from './button.tsx';
import { toast } from './toasts.tsx';

const SAID_MS = 2000;

/** Puts a text on the clipboard and says so. */
export function CopyButton({ text, label = 'Copy' }: { text: string; label?: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
      setTimeout(() => setCopied(false), SAID_MS);
    } catch {
      toast('This browser does not let the page copy. Select the text and copy it yourself.', 'warning');
    }
  };
  return (
    <Button size="sm" icon={copied ? 'check' : 'copy'} onClick={copy}>
      {copied ? 'Copied' : label}
    </Button>
  );
}
