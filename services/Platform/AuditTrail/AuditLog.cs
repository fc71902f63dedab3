using System.Text.Json;
using Billing.Contracts;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Billing.Platform;

/// <summary>
/// Records what is not written with events: reads, commands without an event, and refusals. The first two are written
/// before the caller goes on, together with those of others; no record, no answer. Refusals are written within a second
/// and nobody waits for them; while the database is away they are kept, up to a limit from which on they are counted
/// together (<see cref="WaitingRefusals"/>).
/// </summary>
public sealed class AuditLog : BackgroundService
{
    /// <summary>The outcome of what was done.</summary>
    public const string Done = AuditEntry.Done;

    private const int BatchSize = 500;
    private const int MostWaiting = 20_000;
    private const int MostKinds = 1_000;
    private const int Tries = 5;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1), Last = TimeSpan.FromSeconds(5);

    private readonly NpgsqlDataSource _source;
    private readonly TimeProvider _clock;
    private readonly ILogger<AuditLog> _logger;
    private readonly Batches<Waiting> _batches;
    private readonly WaitingRefusals _refusals = new(MostWaiting, MostKinds);
    private IReadOnlyList<AuditEntry> _taken = [];
    private bool _waits;

    /// <summary>Creates the log of a service's database.</summary>
    public AuditLog(NpgsqlDataSource source, TimeProvider clock, ILogger<AuditLog> logger)
    {
        (_source, _clock, _logger) = (source, clock, logger);
        _batches = new(BatchSize, Write, waiting =>
            waiting.Written.TrySetException(new OperationCanceledException("The service is stopping.")));
    }

    /// <summary>
    /// Records that personal data is about to be read by the current actor. The data may be shown when the task has
    /// completed, and not before.
    /// </summary>
    /// <param name="target">Whose data, such as <c>account-1000000001</c>; never a name or a phone number.</param>
    /// <param name="reason">Why, a code or a text that names no person; or null.</param>
    /// <param name="count">How many records are read.</param>
    /// <param name="cancellation">Cancels waiting.</param>
    /// <exception cref="NpgsqlException">It could not be recorded.</exception>
    public Task Read(string target, string? reason, int count, CancellationToken cancellation) => Record(
        AuditEntry.Of(
            AuditKind.Read, _clock.GetUtcNow(), "Read", target,
            details: JsonSerializer.Serialize(new { reason = AuditEntry.Plain(reason), count })),
        cancellation);

    /// <summary>
    /// Records a command that has no event, such as a change of a user; completes when it is on record.
    /// </summary>
    /// <param name="operation">The operation's name, where no endpoint has one.</param>
    /// <param name="target">What it is about; by default what the request's path says.</param>
    /// <param name="outcome">How it ended, a code.</param>
    /// <param name="cancellation">Cancels waiting.</param>
    /// <param name="by">Who it was, where no token says it, such as <c>user:zhang</c>.</param>
    /// <exception cref="NpgsqlException">It could not be recorded.</exception>
    public async Task Command(
        string operation, string? target, string outcome, CancellationToken cancellation, string? by = null)
    {
        var entry = AuditEntry.Of(AuditKind.Command, _clock.GetUtcNow(), operation, target, outcome);
        await Record(By(by, entry), cancellation);
        AuditedOperation.Current?.CommandRecorded();
    }

    /// <summary>
    /// Records a refusal that no operation with a right answers, such as that of a sign-in; it is written soon.
    /// </summary>
    /// <param name="operation">The operation's name.</param>
    /// <param name="target">What it was about, as the service names it, never as the caller did; or null.</param>
    /// <param name="outcome">Why, a code.</param>
    /// <param name="by">Who it was, where no token says it.</param>
    public void Refused(string operation, string? target, string outcome, string? by = null) =>
        Refused(By(by, AuditEntry.Of(AuditKind.Refusal, _clock.GetUtcNow(), operation, target, outcome)));

    private static AuditEntry By(string? actor, AuditEntry entry) =>
        actor is null ? entry : entry with { Actor = actor };

    /// <summary>Writes an entry; completes when it is committed.</summary>
    internal async Task Record(AuditEntry entry, CancellationToken cancellation)
    {
        var waiting = new Waiting(entry);
        await _batches.Add(waiting, cancellation);
        await waiting.Written.Task.WaitAsync(cancellation);
    }

    /// <summary>Hands a refusal over, to be written soon.</summary>
    internal void Refused(AuditEntry refusal) => _refusals.Add(refusal);

    /// <summary>Writes the refusals that wait; false when they have to wait on.</summary>
    internal async Task<bool> WriteRefusals(CancellationToken cancellation)
    {
        if (_taken.Count == 0)
        {
            _taken = _refusals.Take(out var crowded);
            if (crowded > 0)
            {
                Telemetry.CountedTogether.Add(crowded);
                _logger.RefusalsCountedTogether(crowded);
            }
        }
        try
        {
            if (_taken.Count > 0)
                await Write(_taken, cancellation);
            (_taken, _waits) = ([], false);
            return true;
        }
        catch (Exception e)
        {
            if (!_waits)
                _logger.RefusalsWait(e.Message);
            _waits = true;
            return false;
        }
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(_batches.Run(stoppingToken), Loop(stoppingToken));

    private async Task Loop(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            await Task.Delay(Pause, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await WriteRefusals(stopping);
        }
        using var last = new CancellationTokenSource(Last);
        // What was taken and could not be written, and then what came after it.
        for (var left = 2; left > 0 && await WriteRefusals(last.Token); left--)
        {
        }
        if (_taken.Count > 0)
            _logger.RefusalsLost(_taken.Count, "the database does not answer");
    }

    private async Task Write(IReadOnlyList<Waiting> batch)
    {
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    await Write([.. batch.Select(waiting => waiting.Entry)], CancellationToken.None);
                    break;
                }
                catch (NpgsqlException e) when (attempt < Tries && Faults.IsTransient(e))
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(50 << attempt));
                }
            }
            foreach (var waiting in batch)
                waiting.Written.TrySetResult();
        }
        catch (Exception e)
        {
            foreach (var waiting in batch)
                waiting.Written.TrySetException(e);
        }
    }

    private Task Write(IReadOnlyCollection<AuditEntry> entries, CancellationToken cancellation) =>
        Database.Writing(_source, async () =>
        {
            await using var connection = await _source.OpenConnectionAsync(cancellation);
            await AuditEntry.Table.Copy(connection, entries, AuditEntry.Table.Name, cancellation);
        });

    private sealed record Waiting(AuditEntry Entry)
    {
        public TaskCompletionSource Written { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
