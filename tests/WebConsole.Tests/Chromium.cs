using Microsoft.Playwright;
using Xunit;

namespace Billing.Testing;

/// <summary>
/// Debian's own browser; Playwright downloads none. It is compiled into each project of tests that looks at pages, so
/// that the others need no browser.
/// </summary>
public class Chromium : IAsyncLifetime
{
    private IPlaywright _playwright = null!;

    public IBrowser Browser { get; private set; } = null!;

    public virtual async Task InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        Browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = "/usr/bin/chromium",
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
                "--disable-component-update", "--no-first-run", .. Arguments,
            ],
        });
    }

    public virtual async Task DisposeAsync()
    {
        await Browser.DisposeAsync();
        _playwright.Dispose();
    }

    /// <summary>What else the browser is started with.</summary>
    protected virtual IEnumerable<string> Arguments => [];
}
