/** Counts over time as stacked areas. Loaded when a chart is first shown: the library is larger than the pages. */
import { Area, AreaChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { count } from '../words/numbers';
import type { Series, TimePoint } from './chart-figure';

interface Props {
  points: TimePoint[];
  series: Series[];
  timeInWords: (at: number) => string;
  height: number;
}

export default function TimeChart({ points, series, timeInWords, height }: Props) {
  return (
    <ResponsiveContainer width="100%" height={height}>
      <AreaChart data={points} margin={{ top: 8, right: 8, bottom: 0, left: 0 }} accessibilityLayer={false}>
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis
          dataKey="at"
          type="number"
          domain={['dataMin', 'dataMax']}
          tickFormatter={timeInWords}
          tick={{ fill: 'var(--ink-2)', fontSize: 12 }}
          tickLine={false}
          axisLine={{ stroke: 'var(--line-2)' }}
          minTickGap={48}
        />
        <YAxis
          width={40}
          allowDecimals={false}
          tickFormatter={count}
          tick={{ fill: 'var(--ink-2)', fontSize: 12 }}
          tickLine={false}
          axisLine={false}
        />
        <Tooltip
          isAnimationActive={false}
          labelFormatter={(at) => timeInWords(Number(at))}
          contentStyle={{
            background: 'var(--surface)',
            border: '1px solid var(--line-2)',
            borderRadius: 8,
            color: 'var(--ink)',
            fontSize: 13,
          }}
          itemStyle={{ color: 'var(--ink)' }}
          cursor={{ stroke: 'var(--line-2)' }}
        />
        {series.map(({ key, name, colour }) => (
          <Area
            key={key}
            type="linear"
            dataKey={key}
            name={name}
            stackId="all"
            stroke={`var(--${colour})`}
            // Stacked, the line of an empty area would cover that of the one below.
            strokeWidth={series.length > 1 ? 0 : 1.75}
            fill={`var(--${colour})`}
            fillOpacity={series.length > 1 ? 0.8 : 0.22}
            isAnimationActive={false}
            dot={false}
          />
        ))}
      </AreaChart>
    </ResponsiveContainer>
  );
}
