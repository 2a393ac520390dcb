import { useState } from 'react';

const WIDTHS = [200, 400, 800, 1600] as const;

const at = (url: string, width: number) => `${url}${url.includes('?') ? '&' : '?'}w=${width}`;

interface PictureProps {
  /** Address without a width; null shows nothing. */
  url: string | null;
  /** The `sizes` attribute: how wide it is shown. */
  sizes: string;
  className?: string;
  /** Above the fold: fetched first. */
  eager?: boolean;
  onFail?: () => void;
}

/** A picture of the server in the width that fits; fades in, and leaves what is behind it when it fails. */
export function Picture({ url, sizes, className = '', eager = false, onFail }: PictureProps) {
  const [shown, setShown] = useState<string | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  if (url === null || failed === url) return null;
  return (
    <img
      src={at(url, 400)}
      srcSet={WIDTHS.map((width) => `${at(url, width)} ${width}w`).join(', ')}
      sizes={sizes}
      alt=""
      loading={eager ? 'eager' : 'lazy'}
      fetchPriority={eager ? 'high' : 'auto'}
      decoding="async"
      draggable={false}
      ref={(img) => {
        if (img?.complete && img.naturalWidth > 0) setShown(url);
      }}
      onLoad={() => setShown(url)}
      onError={() => {
        setFailed(url);
        onFail?.();
      }}
      className={`absolute inset-0 size-full object-cover transition-opacity duration-500 ${shown === url ? 'opacity-100' : 'opacity-0'} ${className}`}
    />
  );
}
