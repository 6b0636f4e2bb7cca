/** A fault of these pages: says so, in place of an empty screen. */
import { Component, type ReactNode } from 'react';
import { Failure } from '../parts/notice';

export class ErrorBoundary extends Component<{ children: ReactNode }, { error?: Error }> {
  override state: { error?: Error } = {};

  static getDerivedStateFromError(error: unknown): { error: Error } {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <div className="fault">
        <Failure error={error} retry={() => window.location.reload()} />
      </div>
    );
  }
}
