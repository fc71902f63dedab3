using Billing.Contracts.Api;
using Billing.ForPartners;
using Billing.Platform;

namespace Billing.Tools;

/// <summary>
/// The keys with which the laboratory signs as partners: issued by two people of the instance, and kept in a folder
/// beside their sessions, because a secret is shown once.
/// </summary>
internal static class PartnerKeys
{
    private const string Prefix = "lab";
    private const int Days = 30;

    /// <summary>A service client that signs as a partner.</summary>
    public static async Task<ServiceClient> Connect(
        ServiceClient payments, string partner, CancellationToken cancellation = default) =>
        new(Instance.Partners, await Signer(payments, partner, cancellation));

    /// <summary>What signs requests as a partner.</summary>
    public static async Task<PartnerSigner> Signer(
        ServiceClient payments, string partner, CancellationToken cancellation)
    {
        var file = Path.Combine(Instance.Folder, "partners", $"{partner}.key");
        var known = (await payments.Get<IReadOnlyList<PartnerKeyDetails>>($"/partners/{partner}/keys", cancellation))
            .Where(key => !key.Ended && key.GoodUntil > TimeProvider.System.Today())
            .Select(key => key.KeyId).ToList();
        if (!File.Exists(file) || (await File.ReadAllLinesAsync(file, cancellation)) is not [var id, var secret]
            || !known.Contains(id))
        {
            foreach (var lost in known.Where(key => key.StartsWith($"{partner}.{Prefix}", StringComparison.Ordinal)))
                await payments.Post<string>(
                    $"/partners/{partner}/keys/{lost[(partner.Length + 1)..]}/end", new EndPartnerKeyRequest("lost"),
                    cancellation).Accepted(lost);
            (id, secret) = await Issue(payments, partner, cancellation);
            Write(file, $"{id}\n{secret}\n");
        }
        return new(id, secret);
    }

    private static async Task<(string Id, string Secret)> Issue(
        ServiceClient payments, string partner, CancellationToken cancellation)
    {
        var name = $"{Prefix}{TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()}";
        await payments.Agree(
            asking => asking.Put<string>(
                $"/partners/{partner}/keys/{name}",
                new IssuePartnerKeyRequest(TimeProvider.System.Today().AddDays(Days)), cancellation),
            cancellation).Accepted($"A key for {partner}");
        var told = (await payments.Post<PartnerSecret>(
            $"/partners/{partner}/keys/{name}/secret", cancellation: cancellation)).Ok($"The secret of {partner}");
        return (told.KeyId, told.Secret);
    }

    private static void Write(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var secretly = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            secretly.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var writer = new StreamWriter(file, secretly);
        writer.Write(text);
    }
}
