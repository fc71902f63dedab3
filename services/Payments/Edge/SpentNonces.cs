using Billing.Platform;
using Npgsql;

namespace Billing.Payments;

/// <summary>
/// Sees to it that a signed request counts once. A command writes the nonce of its request with its events; when
/// nothing was written, because the request was refused, the nonce is written before the answer goes out: a refusal of
/// today must not become a payment when somebody sends the same bytes again.
/// </summary>
public sealed class SpentNonces : BackgroundService
{
    private const int BatchSize = 256;
    private const string Sql = """
        insert into nonce (sender, text, at) select * from unnest($1::text[], $2::text[], $3::timestamptz[])
        on conflict do nothing
        """;

    private readonly NpgsqlDataSource _source;
    private readonly Batches<Waiting> _batches;

    /// <summary>Creates the keeper of a database's nonces.</summary>
    public SpentNonces(NpgsqlDataSource source)
    {
        _source = source;
        _batches = new(BatchSize, Write, waiting => waiting.Written.TrySetCanceled());
    }

    /// <summary>Spends the nonce of a request with its first command, or before it is refused.</summary>
    public void Watch(HttpContext context, Nonce nonce)
    {
        ArgumentNullException.ThrowIfNull(context);
        var operation = AuditedOperation.Current!;
        operation.Nonce = nonce;
        context.Response.OnStarting(() =>
            // A repetition of what is done already changes nothing, however often it is sent.
            operation.Commands > 0 || context.Response.StatusCode is < 400 or >= 500
                ? Task.CompletedTask
                : SpendOrAbort(context, nonce));
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => _batches.Run(stoppingToken);

    private async Task SpendOrAbort(HttpContext context, Nonce nonce)
    {
        try
        {
            await Spend(nonce);
        }
        catch (NpgsqlException)
        {
            // No answer is better than a refusal that could still become a payment.
            context.Abort();
        }
    }

    private async Task Spend(Nonce nonce)
    {
        var waiting = new Waiting(nonce);
        await _batches.Add(waiting, CancellationToken.None);
        await waiting.Written.Task;
    }

    private async Task Write(IReadOnlyList<Waiting> batch)
    {
        var writing = Write([.. batch.Select(waiting => waiting.Nonce)]);
        await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var waiting in batch)
        {
            if (writing.Exception is { } fault)
                waiting.Written.TrySetException(fault.InnerExceptions);
            else
                waiting.Written.TrySetResult();
        }
    }

    private async Task Write(Nonce[] nonces)
    {
        await using var command = _source.CreateCommand(Sql);
        command.Parameters.Add(new() { Value = nonces.Select(nonce => nonce.Sender).ToArray() });
        command.Parameters.Add(new() { Value = nonces.Select(nonce => nonce.Text).ToArray() });
        command.Parameters.Add(new() { Value = nonces.Select(nonce => nonce.At).ToArray() });
        await command.ExecuteNonQueryAsync();
    }

    private sealed record Waiting(Nonce Nonce)
    {
        public TaskCompletionSource Written { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
