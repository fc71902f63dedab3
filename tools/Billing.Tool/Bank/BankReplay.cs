using System.Globalization;
using Billing.Contracts;

namespace Billing.Tools;

/// <summary>
/// Brings the money of given bank files, line by line, as their banks would have done through the day.
/// </summary>
internal sealed class BankReplay(Services services, Story story)
{
    private const int AtOnce = 32;

    public async Task Pay(IReadOnlyList<BankFile> files)
    {
        foreach (var partner in files.Select(file => file.Partner).Distinct(StringComparer.Ordinal))
            await Register(partner);
        var (refused, watch) = (new List<string>(), System.Diagnostics.Stopwatch.StartNew());
        foreach (var file in files)
        {
            // A reversal may follow its payment only; payments of one day may come in any order.
            await Send(file, file.Lines.Where(line => !line.IsReversal), refused);
            await Send(file, file.Lines.Where(line => line.IsReversal), refused);
        }
        var lines = files.Sum(file => file.Lines.Count);
        story.Fact(
            $"{lines:N0} lines of {files.Count} files paid or taken back, {refused.Count:N0} refused", watch.Elapsed);
        foreach (var text in refused.Take(6))
            story.Note($"    {text}");
    }

    private async Task Register(string partner)
    {
        var known = await services.Payments.Find<PartnerTerms>($"/partners/{partner}");
        if (known.Value is not null)
            return;
        var terms = new PartnerTerms(partner, Channel.Bank, "ANY", new(0, 0));
        await services.Payments.Put<string>($"/partners/{partner}", terms).Accepted(partner);
    }

    private Task Send(BankFile file, IEnumerable<BankLine> lines, List<string> refused) => Parallel.ForEachAsync(
        lines, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (line, cancellation) =>
        {
            var path = string.Create(
                CultureInfo.InvariantCulture, $"/partners/{file.Partner}/payments/{file.Date:yyyyMMdd}/{line.Serial}");
            var problem = line.IsReversal
                ? (await services.Payments.Put<string>(
                    $"{path}/reversal", new Reverse(line.Account, "bank file"), cancellation)).Problem
                : (await services.Payments.Put<string>(path, new Pay(line.Account, line.Amount), cancellation)).Problem;
            if (problem is null)
                return;
            lock (refused)
                refused.Add($"{file.FileName} {line}: {problem}");
        });
}
