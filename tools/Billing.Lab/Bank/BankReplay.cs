using Billing.Contracts;
using Billing.Contracts.Api;

namespace Billing.Tools;

/// <summary>Replays given bank files line by line, as payments and reversals sent through the day.</summary>
internal sealed class BankReplay(Services services, ConsoleOutput console)
{
    private const int AtOnce = 32;
    private const int MostLateDays = Payments.BankDays.MostFileDays;
    private const string Reason = "bank file";
    private ILookup<(string Partner, string Serial, string Account), DateOnly> _paid =
        Array.Empty<DateOnly>().ToLookup(_ => ("", "", ""));

    private Dictionary<string, ServiceClient> _connections = [];

    public async Task Pay(IReadOnlyList<BankFile> files)
    {
        _paid = files.SelectMany(file => file.Lines.Where(line => !line.IsReversal)
                .Select(line => (Name: (file.Partner, line.Serial, line.Account), file.Date)))
            .ToLookup(payment => payment.Name, payment => payment.Date);
        foreach (var partner in files.Select(file => file.Partner).Distinct(StringComparer.Ordinal))
            await Register(partner);
        var (refused, watch) = (new List<string>(), System.Diagnostics.Stopwatch.StartNew());
        var connections = new Dictionary<string, ServiceClient>(StringComparer.Ordinal);
        foreach (var partner in files.Select(file => file.Partner).Distinct(StringComparer.Ordinal))
            connections[partner] = await PartnerKeys.Connect(services.Payments, partner);
        _connections = connections;
        foreach (var file in files)
        {
            // A reversal can only follow its payment; payments of one day may be sent in any order.
            await Send(file, file.Lines.Where(line => !line.IsReversal), Pay, refused);
            await Send(file, file.Lines.Where(line => line.IsReversal), Reverse, refused);
        }
        var lines = files.Sum(file => file.Lines.Count);
        console.Fact(
            $"{lines:N0} lines of {files.Count} files paid or taken back, {refused.Count:N0} refused", watch.Elapsed);
        foreach (var text in refused.Take(6))
            console.Note($"    {text}");
    }

    /// <summary>Registers the partner with the longest lateness allowed, because the files may be that old.</summary>
    private async Task Register(string partner)
    {
        var known = (await services.Payments.Find<PartnerTerms>($"/partners/{partner}")).Value;
        var terms = known is null
            ? new(partner, Channel.Bank, AmountRule.Any, new(0, 0))
            : new SavePartnerRequest(
                known.Name, known.Channel, known.AmountRule, known.DayCut, known.Encoding, Projects: known.Projects);
        var late = terms with { LateDays = MostLateDays, Limits = DemoPartners.Unlimited };
        await services.Payments.Agree(payments => payments.Put<string>($"/partners/{partner}", late))
            .Accepted(partner);
    }

    private static Task Send(
        BankFile file, IEnumerable<BankLine> lines,
        Func<BankFile, BankLine, CancellationToken, Task<Problem?>> send, List<string> refused) =>
        Parallel.ForEachAsync(
            lines, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (line, cancellation) =>
            {
                if (await send(file, line, cancellation) is not { } problem)
                    return;
                lock (refused)
                    refused.Add($"{file.FileName} {line}: {problem}");
            });

    private async Task<Problem?> Pay(BankFile file, BankLine line, CancellationToken cancellation) =>
        (await _connections[file.Partner].Put<string>(
            Address(file.Date, line.Serial),
            new ReceivePaymentRequest(AccountNo.Wrap(line.Account), line.Amount), cancellation)).Problem;

    /// <summary>
    /// Reverses a payment as the company does, because a partner cannot reverse payments of a past day.
    /// </summary>
    private async Task<Problem?> Reverse(BankFile file, BankLine line, CancellationToken cancellation)
    {
        var paidOn = _paid[(file.Partner, line.Serial, line.Account)].Where(day => day <= file.Date)
            .DefaultIfEmpty(file.Date).Max();
        var problem = (await _connections[file.Partner].Put<string>(
            $"{Address(paidOn, line.Serial)}/reversal",
            new ReversePaymentRequest(AccountNo.Wrap(line.Account), Reason), cancellation)).Problem;
        return LateReversal.Refusals.Contains(problem?.Code)
            ? await LateReversal.Try(services.Payments, file.Partner, paidOn, line.Serial, Reason, cancellation)
            : problem;
    }

    private static Route Address(DateOnly day, string serial) =>
        $"/partner/v1/payments/{day:yyyyMMdd}/{serial}";
}
