/** The journey's own file, and in it where the visitor's run is: what each line came to, and the one that waits. */
import type { CodeLine, ProgressAnswer } from '../answers';
import { untilWords } from './guide-words';
import { useLeft } from './use-left';

export function Code({ code: { file, lines }, at }: { code: NonNullable<ProgressAnswer['code']>; at: number }) {
  const begun = lines.some(({ mark }) => mark);
  return (
    <section className="code" aria-labelledby="code">
      <h2 id="code">{file}</h2>
      <p>{begun ? 'Your run, in the code that it is made of.' : 'Your run will be shown here, line by line.'}</p>
      <ol aria-label="Lines">
        {lines.map((line, index) => (
          // A line is the same one as long as the demo runs.
          <Line key={index} line={line} at={at} />
        ))}
      </ol>
    </section>
  );
}

function Line({ line: { text, mark }, at }: { line: CodeLine; at: number }) {
  const left = useLeft(mark?.dueInMs ?? null, at);
  if (!mark) return <li>{text}</li>;
  return (
    <li className={mark.state} aria-current={mark.state === 'now' ? 'step' : undefined}>
      {text}{' '}
      <span className="says">
        {mark.says}
        {left !== null && left > 0 && `, ${untilWords(left)}`}
      </span>
    </li>
  );
}
