using System.Threading.Channels;
using Billing.Contracts.Api;
using Billing.Contracts;
using Billing.Platform;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Lane = System.Threading.Channels.Channel;

namespace Billing.Invoicing;

/// <summary>
/// Imports readings from a file. Every valid line is accepted by the same decision as a single reading, a thousand
/// lines in one transaction, so a file that is sent again, in part or twice at once, counts everything exactly once.
/// Every other line is refused with its reason and does not affect the rest; when the file is sent again, it is decided
/// afresh. The lines of one account keep their order, because each account belongs to one lane.
/// </summary>
public static class ImportReadings
{
    private const int LinesPerBatch = 1_000;
    private const int Lanes = 2;
    private const int MostRefusalsInAnswer = 10_000;
    private const long LargestFile = 1L << 30;

    public static void MapImportReadings(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/imports/readings", Handle)
            .WithName(nameof(ImportReadings)).RequireRight(Right.ImportReadings)
            .Accepts<string>("text/csv")
            .WithMetadata(new RequestSizeLimitAttribute(LargestFile))
            .RequireIdempotencyKey()
            .WithSummary("Imports a file of readings; refused lines are listed with reasons.")
            .Refuses(ReadingFile.HeaderInvalid);

    private static async Task<Results<Ok<ImportedReadings>, ProblemHttpResult>> Handle(
        HttpRequest request, ReadingBatch batch, TimeProvider clock, CancellationToken cancellation)
    {
        var tally = new Tally();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var lanes = Enumerable.Range(0, Lanes).Select(_ => Lane.CreateBounded<ReadingLine>(LinesPerBatch * 2))
            .ToArray();
        var work = lanes.Select(lane => Task.Run(() => Work(lane.Reader, batch, tally, stop), stop.Token)).ToArray();
        try
        {
            await foreach (var line in ReadingFile.Lines(request.Body, clock.Today(), stop.Token))
            {
                tally.Lines++;
                if (line.Command is null)
                    tally.Refuse(line, line.Refused!);
                else
                    await lanes[LaneOf(line.Account)].Writer.WriteAsync(line, stop.Token);
            }
        }
        catch (ReadingFile.UnreadableException e)
        {
            return e.Rejection.ToProblem();
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // A lane failed and cancelled the others; the exception to report is its own.
        }
        finally
        {
            foreach (var lane in lanes)
                lane.Writer.Complete();
            await Task.WhenAll(work);
        }
        var answer = tally.ToAnswer();
        // A line refused today may be valid tomorrow: its account is opened, or its meter is received.
        if (answer.RefusedTotal > 0)
            IdempotencyKey.NotFinal(request.HttpContext);
        return TypedResults.Ok(answer);
    }

    private static int LaneOf(string account) => (account[^1] - '0') % Lanes;

    private static async Task Work(
        ChannelReader<ReadingLine> lines, ReadingBatch batch, Tally tally, CancellationTokenSource stop)
    {
        try
        {
            var next = new List<ReadingLine>(LinesPerBatch);
            await foreach (var line in lines.ReadAllAsync(stop.Token))
            {
                next.Add(line);
                if (next.Count < LinesPerBatch)
                    continue;
                await Execute(next, batch, tally, stop.Token);
                next.Clear();
            }
            if (next.Count > 0)
                await Execute(next, batch, tally, stop.Token);
        }
        catch
        {
            await stop.CancelAsync();
            throw;
        }
    }

    private static async Task Execute(
        List<ReadingLine> lines, ReadingBatch batch, Tally tally, CancellationToken cancellation)
    {
        var decisions = await batch.Execute([.. lines.Select(line => line.Command!)], cancellation);
        for (var i = 0; i < decisions.Length; i++)
            tally.Count(lines[i], decisions[i]);
    }

    private sealed class Tally
    {
        private readonly Lock _lock = new();
        private readonly List<RefusedReadingLine> _refused = [];
        private long _accepted, _refusals;

        public long Lines { get; set; }

        public void Count(ReadingLine line, Decision<AccountEvent> decision)
        {
            if (decision.Rejection is { } rejection)
                Refuse(line, rejection);
            else
                Interlocked.Add(ref _accepted, decision.Events.Count);
        }

        public void Refuse(ReadingLine line, Rejection rejection)
        {
            lock (_lock)
            {
                _refusals++;
                if (_refused.Count < MostRefusalsInAnswer)
                    _refused.Add(new(line.Line, line.Account, rejection.Code, rejection.Message));
            }
        }

        public ImportedReadings ToAnswer() => new(
            Lines, _accepted, Lines - _accepted - _refusals, _refusals, [.. _refused.OrderBy(line => line.Line)]);
    }
}
