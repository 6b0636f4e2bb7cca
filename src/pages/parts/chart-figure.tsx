/** A chart with its caption, its legend, and the same figures as a table for who can't see it. */
import { lazy, Suspense } from 'react';
import { count } from '../words/numbers';

const TimeChart = lazy(() => import('./time-chart'));

export type TimePoint = { at: number } & Record<string, number>;

export interface Series {
  key: string;
  name: string;
  /** A custom property of the style sheet. */
  colour: 'chart-1' | 'chart-2' | 'chart-3' | 'chart-4';
}

interface Props {
  caption: string;
  points: TimePoint[];
  series: Series[];
  timeInWords: (at: number) => string;
  height?: number;
}

/** A table of more rows than that helps nobody. */
const mostRows = 60;

export function ChartFigure({ caption, points, series, timeInWords, height = 180 }: Props) {
  const total = (key: string) => points.reduce((sum, point) => sum + (point[key] ?? 0), 0);
  // A tooltip that lists what never happened is longer than what it says. The axis needs one of them at least.
  const drawn = series.filter(({ key }, index) => index === 0 || total(key) > 0);
  return (
    <figure className="chart">
      <figcaption>
        <span className={series.length > 1 ? 'chart-name' : 'chart-name chart-name-alone'}>{caption}</span>
        {series.length > 1 && (
          <ul className="legend">
            {series.map(({ key, name, colour }) => (
              <li key={key}>
                <span className={`legend-mark ${colour}`} aria-hidden="true" />
                {name} <b>{count(total(key))}</b>
              </li>
            ))}
          </ul>
        )}
      </figcaption>
      <div className="chart-canvas" aria-hidden="true" style={{ height }}>
        <Suspense fallback={null}>
          <TimeChart points={points} series={drawn} timeInWords={timeInWords} height={height} />
        </Suspense>
      </div>
      <details className="chart-table">
        <summary>As a table</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">Time</th>
              {series.map(({ key, name }) => (
                <th key={key} scope="col" className="number">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {points
              .filter((point) => series.some(({ key }) => (point[key] ?? 0) > 0))
              .slice(-mostRows)
              .reverse()
              .map((point) => (
                <tr key={point.at}>
                  <th scope="row">{timeInWords(point.at)}</th>
                  {series.map(({ key }) => (
                    <td key={key} className="number">
                      {count(point[key] ?? 0)}
                    </td>
                  ))}
                </tr>
              ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}
