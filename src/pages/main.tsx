/** Starts the pages in the browser. */
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createQueryClient } from './api/queries';
import { App } from './app';
import { followTheme } from './frame/theme';
import './style/index.css';

followTheme();

const root = document.getElementById('pages');
if (!root) throw new Error('index.html has no element #pages');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={createQueryClient()}>
      <App />
    </QueryClientProvider>
  </StrictMode>,
);
