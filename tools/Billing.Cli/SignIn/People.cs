using System.Text.Json;
using AngleSharp;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using OtpNet;

namespace Billing.Tools;

/// <summary>
/// The people of an instance that is not for the public: Identity made them when it was first started, and wrote down
/// how they sign in. The tools sign in as they do, on the pages, each step included.
/// </summary>
/// <param name="Password">The password of all of them.</param>
/// <param name="Secrets">Per user the secret of the authenticator app, Base32; null where there is none.</param>
internal sealed record People(string Password, IReadOnlyDictionary<string, string?> Secrets)
{
    /// <summary>Who prepares: with every role that decides nothing.</summary>
    public const string Operator = "operator";

    /// <summary>Who decides: with every role that approves what others have prepared.</summary>
    public const string Approver = "approver";

    /// <summary>Who manages users and clients.</summary>
    public const string Administrator = "administrator";

    private const int StepSeconds = 30;

    /// <summary>Reads the file; null when there is none.</summary>
    public static People? Read(string? file) => file is not null && File.Exists(file)
        ? JsonSerializer.Deserialize<People>(File.ReadAllText(file), JsonSerializerOptions.Web)
        : null;

    /// <summary>The present code of a user's authenticator app, or the code of a step after or before it.</summary>
    public string Code(string user, int step = 0) => Secrets[user] is { } secret
        ? new Totp(Base32Encoding.ToBytes(secret)).ComputeTotp(
            TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(step * StepSeconds))
        : "";

    /// <summary>Signs a user in and lets this command line act for it.</summary>
    public async Task<Session> SignIn(TokenClient issuer, string user, CancellationToken cancellation)
    {
        if (!Secrets.ContainsKey(user))
            throw new Failure($"The instance has no user '{user}'.");
        var code = await issuer.Begin(cancellation);
        // A code of the app is good once, and its neighbours in time are taken, too.
        foreach (var step in new[] { 0, -1, 1 })
        {
            if (await Allow(code, user, Code(user, step), cancellation))
            {
                return await issuer.Poll(code, cancellation)
                    ?? throw new Failure($"'{user}' signed in, but Identity does not say so.");
            }
        }
        throw new Failure($"'{user}' could not sign in; another command may have used the code of this half minute.");
    }

    private async Task<bool> Allow(DeviceCode code, string user, string totp, CancellationToken cancellation)
    {
        using var browser = BrowsingContext.New(Configuration.Default.WithDefaultLoader().WithDefaultCookies());
        var page = await browser.OpenAsync(code.VerificationUriComplete.AbsoluteUri, cancellation);
        if (page.QuerySelector<IHtmlInputElement>("input[name=password]")?.Form is { } form)
            page = await form.SubmitAsync(new { name = user, password = Password, code = totp });
        if (page.QuerySelector<IHtmlInputElement>("input[name=user_code]:not([type=hidden])")?.Form is { } enter)
            page = await enter.SubmitAsync(new { user_code = code.UserCode });
        if (page.QuerySelector<IHtmlButtonElement>("button[value=allow]") is not { } allow)
            return false;
        await allow.SubmitAsync();
        return true;
    }
}
