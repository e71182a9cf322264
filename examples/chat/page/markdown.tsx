import { memo, type ReactNode } from 'react';

/** The Markdown that models write most, as elements: text of a model never becomes HTML. It may be cut anywhere. */
export const Markdown = memo(({ text }: { text: string }) => (
  <div className="answer">
    {text.split(/^(```[\s\S]*?(?:^```[ \t]*$|(?![\s\S])))/m).map((part, n) =>
      part.startsWith('```') ? (
        <pre key={n}>
          <code>{part.replace(/^```.*\n?/, '').replace(/\n?`{0,3}[ \t]*$/, '')}</code>
        </pre>
      ) : (
        part
          .split(/\n{2,}|(?<=^#.*)\n/m)
          .map((paragraph, at) => toBlock(paragraph.trim(), `${n}-${at}`))
      ),
    )}
  </div>
));

function toBlock(text: string, key: string): ReactNode {
  if (text === '') return null;
  const heading = /^#{1,6} +(.*)$/.exec(text);
  if (heading !== null) return <h3 key={key}>{toInline(heading[1] ?? '')}</h3>;
  const List = /^[-*] /.test(text) ? 'ul' : /^\d+[.)] /.test(text) ? 'ol' : undefined;
  if (List === undefined) return <p key={key}>{toInline(text)}</p>;
  const items = text.split(/\n(?=[-*] |\d+[.)] )/);
  return (
    <List key={key}>
      {items.map((item, n) => (
        <li key={n}>{toInline(item.replace(/^([-*]|\d+[.)]) /, ''))}</li>
      ))}
    </List>
  );
}

const INLINE = /(`[^`\n]+`|\*\*[^*]+\*\*|\*[^*\s][^*]*\*|\[[^\]\n]+\]\(https?:\/\/[^\s)]+\))/;

function toInline(text: string): ReactNode[] {
  return text.split(INLINE).map((part, n) => {
    if (n % 2 === 0) return part;
    if (part.startsWith('`')) return <code key={n}>{part.slice(1, -1)}</code>;
    if (part.startsWith('**')) return <strong key={n}>{part.slice(2, -2)}</strong>;
    if (part.startsWith('*')) return <em key={n}>{part.slice(1, -1)}</em>;
    const [label = '', url = ''] = part.slice(1, -1).split('](');
    return (
      <a key={n} href={url} target="_blank" rel="noreferrer">
        {label}
      </a>
    );
  });
}
