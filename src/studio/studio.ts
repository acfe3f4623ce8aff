import { createHash } from 'node:crypto';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { settingsPrefix } from '../editor/contributions.ts';
import { showFailure } from '../editor/errors/errorActions.ts';
import { inform } from '../editor/say/notifications.ts';
import { parseDraft } from '../shared/studio/draft.ts';
import { onUserIsBack } from '../editor/userIsBack.ts';
import { tickStep } from '../editor/walkthroughSteps.ts';
import { createCredits } from './credits.ts';
import { sharedDraftId } from './draft/draftId.ts';
import { createSavedDraft, draftInMemento } from './draft/savedDraft.ts';
import { createSharedDraft } from './draft/sharedDraft.ts';
import { createDeletion } from './gallery/deletion.ts';
import { type FollowedFiles, followFiles } from './gallery/followFiles.ts';
import { createPageImages } from './gallery/pageImages.ts';
import type { StudioDeps } from './studioDeps.ts';
import { studioHtml } from './studioHtml.ts';
import { createStudioPage, type StudioPage, type StudioParts } from './studioPage.ts';
import { createThumbnails } from './gallery/thumbnails.ts';
import { inSideBarKey, studioPanelType, studioViewId } from './studioIds.ts';
import { storageLayout } from '../jobs/storageLayout.ts';

/** Whoever else uses the draft is told by the page that shows it. */
const ignore = (): void => undefined;

/** The Studio of a window: one panel, and views with the same page in the side bar. */
export interface Studio {
  /** Shows the panel and adds images to its tray. */
  open: (uris: readonly vscode.Uri[]) => void;
  files: FollowedFiles;
  /** Shows the view, in later windows of this workspace too. */
  openInSideBar: () => Promise<void>;
  /** Takes over a panel from before a reload. */
  restore: (panel: vscode.WebviewPanel) => void;
  showIn: (view: vscode.WebviewView) => void;
  /** Whether the panel or a view is visible. */
  isVisible: () => boolean;
  dispose: () => void;
}

/** A user who comes and goes all the time is no reason to read the credits all the time. */
const focusPauseMs = 60_000;
const replacedPauseMs = 60_000;

export function createStudio(deps: StudioDeps): Studio {
  const pages = new Set<StudioPage>();
  const layout = storageLayout(deps.folder);
  const pageImages = createPageImages(deps.extensionUri, deps.folder);
  const dist = vscode.Uri.joinPath(deps.extensionUri, 'dist');
  let panel: vscode.WebviewPanel | undefined;
  let panelPage: StudioPage | undefined;
  const views = new Map<vscode.WebviewView, StudioPage>();
  /** Whether a command opened the side bar whose view is not there yet. */
  let isViewAwaited = false;
  const sharedDraft = createSharedDraft({
    path: join(layout.drafts, `${sharedName(deps.draftId)}.json`),
    initial: parseDraft(draftInMemento(deps.memento)),
    onOther: (draft) => forEachPage((page) => page.takeOver(draft)),
    onUnseen: () => sayReplaced(),
    log: deps.log.info,
  });
  const parts: StudioParts = {
    ...{ deps, sharedDraft },
    pageImages,
    thumbnails: createThumbnails(layout.thumbnails),
    credits: createCredits(deps.client, () => forEachPage((page) => page.stateChanged())),
    deletion: createDeletion({
      ...{ gallery: deps.gallery, engine: deps.engine, imageFiles: deps.imageFiles },
      ...{ folder: layout.deleted, report: showFailure },
    }),
    galleryChanged: () => forEachPage((page) => page.galleryChanged()),
    draftWritten: (by, written) =>
      forEachPage((page) => {
        if (page !== by) page.takeOver(written);
      }),
  };

  let saidReplacedAt = -Infinity;

  /** Two who write at the same time replace each other's words with every letter. */
  function sayReplaced(): void {
    forEachPage((page) => page.stateChanged());
    if (performance.now() - saidReplacedAt < replacedPauseMs) return;
    saidReplacedAt = performance.now();
    void inform(
      vscode.l10n.t(
        'Another window of this folder had other words in the Studio. What was replaced is in the history: press ↑ in an empty prompt.',
      ),
    );
  }

  function forEachPage(call: (page: StudioPage) => void): void {
    for (const page of pages) call(page);
  }

  function show(webview: vscode.Webview): StudioPage {
    webview.options = { enableScripts: true, localResourceRoots: pageImages.roots() };
    const page = createStudioPage(webview, parts);
    pages.add(page);
    void sharedDraft.refresh();
    page.begin((state) => {
      webview.html = studioHtml(webview, dist, state);
    });
    tickStep('hasSeenStudio');
    return page;
  }

  function end(page: StudioPage): void {
    pages.delete(page);
    page.dispose();
  }

  function adopt(shown: vscode.WebviewPanel): void {
    const page = show(shown.webview);
    panel = shown;
    panelPage = page;
    shown.iconPath = vscode.Uri.joinPath(deps.extensionUri, 'media', 'icon.png');
    shown.onDidChangeViewState(() => {
      if (!shown.visible) page.sleep();
    });
    shown.onDidDispose(() => {
      end(page);
      if (panel === shown) panel = panelPage = undefined;
    });
  }

  function open(uris: readonly vscode.Uri[]): void {
    if (panel) panel.reveal();
    else
      adopt(
        vscode.window.createWebviewPanel(
          studioPanelType,
          vscode.l10n.t('Image Studio'),
          vscode.ViewColumn.Active,
        ),
      );
    if (uris.length > 0) panelPage?.addReferences(uris.map(String));
    panelPage?.focusPrompt();
  }

  const files = followFiles({
    ...{ log: deps.log, imageFiles: deps.imageFiles, engine: deps.engine, gallery: deps.gallery },
    ...{ deletion: parts.deletion, forEachPage },
    draft: createSavedDraft(deps, sharedDraft, ignore, ignore),
  });

  function isVisible(): boolean {
    return panel?.visible === true || [...views.keys()].some((view) => view.visible);
  }

  const subscriptions = [
    deps.apiKey.onDidChange(() => {
      parts.credits.forget();
      if (pages.size > 0) parts.credits.refresh();
      forEachPage((page) => page.stateChanged());
    }),
    new vscode.Disposable(
      deps.engine.onDidReadCredits((left) => {
        if (left === undefined) parts.credits.forget();
        else parts.credits.note(left);
      }),
    ),
    vscode.window.onDidChangeWindowState(({ focused }) => {
      if (!focused || pages.size === 0) return;
      void sharedDraft.refresh();
    }),
    onUserIsBack(() => {
      if (pages.size > 0 && isVisible()) parts.credits.refreshOlder(focusPauseMs);
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(settingsPrefix)) forEachPage((page) => page.stateChanged());
    }),
    // The settings may speak of the document in front.
    deps.workplace.onDidChange(() => forEachPage((page) => page.stateChanged())),
    vscode.workspace.onDidChangeWorkspaceFolders(() => forEachPage((page) => page.stateChanged())),
    vscode.workspace.onWillDeleteFiles((event) => {
      event.waitUntil(files.beforeDeletion(event.files.map(String)));
    }),
    vscode.workspace.onDidCreateFiles((event) => void files.created(event.files.map(String))),
    new vscode.Disposable(
      deps.engine.onDidChangeJob((job) => forEachPage((page) => page.jobChanged(job))),
    ),
    new vscode.Disposable(
      deps.onDidClearHistory(() =>
        forEachPage((page) => {
          page.galleryChanged();
          // What was asked before is offered no more.
          page.stateChanged();
        }),
      ),
    ),
    new vscode.Disposable(
      deps.engine.onDidChangeQueue(() => forEachPage((page) => page.stateChanged())),
    ),
  ];

  return {
    open,
    files,
    async openInSideBar() {
      await vscode.commands.executeCommand('setContext', inSideBarKey, true);
      await vscode.commands.executeCommand(`${studioViewId}.focus`);
      isViewAwaited = views.size === 0;
      for (const page of views.values()) page.focusPrompt();
    },
    restore(shown) {
      // A window has one panel: a second one from before the reload is closed.
      if (panel) shown.dispose();
      else adopt(shown);
    },
    showIn(view) {
      const page = show(view.webview);
      views.set(view, page);
      if (isViewAwaited) page.focusPrompt();
      isViewAwaited = false;
      void deps.memento.update(inSideBarKey, true);
      view.onDidChangeVisibility(() => {
        void deps.memento.update(inSideBarKey, view.visible);
        if (!view.visible) page.sleep();
      });
      view.onDidDispose(() => {
        views.delete(view);
        end(page);
      });
    },
    isVisible,
    dispose() {
      for (const subscription of subscriptions) subscription.dispose();
      // The panel stays open: the editor restores it after a reload.
      forEachPage(end);
      parts.credits.dispose();
    },
  };
}

/** A name for a file, which says nothing of the workspace. */
function sharedName(ownId: string): string {
  const { workspaceFile, workspaceFolders = [] } = vscode.workspace;
  const folders = workspaceFolders.map(({ uri }) => uri.toString());
  const id = sharedDraftId({ workspaceFile: workspaceFile?.toString(), folders }, ownId);
  return createHash('sha256').update(id).digest('hex');
}
