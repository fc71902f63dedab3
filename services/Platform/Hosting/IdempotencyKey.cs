using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace Billing.Platform;

/// <summary>
/// Makes a POST that creates safe to repeat: the first answer to a key is kept and given again to the same body;
/// another body under the key is refused with 422, and a repetition while the first is still under way with 409. An
/// answer of 5xx is not kept. A first attempt that never finished frees its key after a minute, for the work behind it
/// is itself safe to repeat.
/// </summary>
public static class IdempotencyKey
{
    private const string Header = "Idempotency-Key";
    private static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(15);
    private static readonly Rejection Missing = Rejection.Invalid(
        "idempotency-key-missing", $"This request needs an {Header} header of 1 to 128 characters.")
        with { Status = 400 };
    private static readonly Rejection OtherBody = Rejection.Invalid(
        "idempotency-key-reused", $"This {Header} was used for another request body.");
    private static readonly Rejection InFlight = Rejection.Conflict(
        "idempotency-key-in-flight", "The first request with this key is still under way.");

    /// <summary>Requires the header on an endpoint.</summary>
    public static RouteHandlerBuilder RequireIdempotencyKey(this RouteHandlerBuilder endpoint) =>
        endpoint.WithMetadata(new Required());

    internal static void UseIdempotencyKeys(this WebApplication app) => app.Use(async (context, next) =>
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<Required>() is null)
            await next(context);
        else
            await Handle(
                context, next, (NpgsqlDataSource)context.RequestServices.GetService(typeof(NpgsqlDataSource))!);
    });

    private static async Task Handle(HttpContext context, RequestDelegate next, NpgsqlDataSource source)
    {
        var key = context.Request.Headers[Header].ToString();
        if (key.Length is 0 or > 128)
        {
            await Missing.ToProblem().ExecuteAsync(context);
            return;
        }
        context.Request.EnableBuffering();
        var hash = await SHA256.HashDataAsync(context.Request.Body, context.RequestAborted);
        context.Request.Body.Position = 0;
        var route = context.Request.Path + context.Request.QueryString;
        if (await Begin(source, key, route, hash))
            await First(context, next, source, key, route);
        else
            await Again(context, source, key, route, hash);
    }

    private static async Task<bool> Begin(NpgsqlDataSource source, string key, string route, byte[] hash)
    {
        await using var begin = source.CreateCommand("""
            insert into idempotency as i (key, route, body_hash) values ($1, $2, $3)
            on conflict (key, route) do update set started_at = now()
            where i.status is null and i.body_hash = excluded.body_hash and i.started_at < now() - interval '1 minute'
            """);
        begin.Parameters.Add(new() { Value = key });
        begin.Parameters.Add(new() { Value = route });
        begin.Parameters.Add(new() { Value = hash });
        return await begin.ExecuteNonQueryAsync() == 1;
    }

    private static async Task First(
        HttpContext context, RequestDelegate next, NpgsqlDataSource source, string key, string route)
    {
        var body = context.Response.Body;
        using var copy = new MemoryStream();
        using var done = new CancellationTokenSource();
        var underWay = KeepUnderWay(source, key, route, done.Token);
        context.Response.Body = copy;
        try
        {
            await next(context);
        }
        catch
        {
            // What becomes of the exception is decided further out, and it is not an answer to keep.
            context.Response.Body = body;
            await Finish(source, key, route, StatusCodes.Status500InternalServerError, "", []);
            throw;
        }
        finally
        {
            await done.CancelAsync();
            await underWay;
        }
        context.Response.Body = body;
        await Finish(
            source, key, route, context.Response.StatusCode, context.Response.ContentType ?? "", copy.ToArray());
        copy.Position = 0;
        await copy.CopyToAsync(body, context.RequestAborted);
    }

    /// <summary>Says now and then that the first attempt is still alive, however long it takes.</summary>
    private static async Task KeepUnderWay(NpgsqlDataSource source, string key, string route, CancellationToken done)
    {
        using var timer = new PeriodicTimer(SignOfLife);
        try
        {
            while (await timer.WaitForNextTickAsync(done))
            {
                await using var alive = source.CreateCommand(
                    "update idempotency set started_at = now() where key = $1 and route = $2 and status is null");
                alive.Parameters.Add(new() { Value = key });
                alive.Parameters.Add(new() { Value = route });
                await alive.ExecuteNonQueryAsync(done);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or NpgsqlException)
        {
            // Done, or the database is away; then the worst is that a repetition is let through, which is safe.
        }
    }

    private static async Task Finish(
        NpgsqlDataSource source, string key, string route, int status, string contentType, byte[] body)
    {
        await using var finish = source.CreateCommand(status >= 500
            ? "delete from idempotency where key = $1 and route = $2 and $3 > 0 and $4 is not null and $5 is not null"
            : "update idempotency set status = $3, content_type = $4, body = $5 where key = $1 and route = $2");
        finish.Parameters.Add(new() { Value = key });
        finish.Parameters.Add(new() { Value = route });
        finish.Parameters.Add(new() { Value = status });
        finish.Parameters.Add(new() { Value = contentType });
        finish.Parameters.Add(new() { Value = body });
        await finish.ExecuteNonQueryAsync();
    }

    private static async Task Again(HttpContext context, NpgsqlDataSource source, string key, string route, byte[] hash)
    {
        await using var look = source.CreateCommand(
            "select body_hash, status, content_type, body from idempotency where key = $1 and route = $2");
        look.Parameters.Add(new() { Value = key });
        look.Parameters.Add(new() { Value = route });
        await using var reader = await look.ExecuteReaderAsync(context.RequestAborted);
        var known = await reader.ReadAsync(context.RequestAborted);
        if (known && !reader.GetFieldValue<byte[]>(0).AsSpan().SequenceEqual(hash))
        {
            await OtherBody.ToProblem().ExecuteAsync(context);
            return;
        }
        if (!known || reader.IsDBNull(1))
        {
            await InFlight.ToProblem().ExecuteAsync(context);
            return;
        }
        context.Response.StatusCode = reader.GetInt32(1);
        if (reader.GetString(2) is { Length: > 0 } type)
            context.Response.ContentType = type;
        context.Response.Headers["Idempotency-Replayed"] = "true";
        await context.Response.Body.WriteAsync(reader.GetFieldValue<byte[]>(3), context.RequestAborted);
    }

    private sealed record Required;
}
