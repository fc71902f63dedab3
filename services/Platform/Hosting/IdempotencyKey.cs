using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.OpenApi;
using Npgsql;

namespace Billing.Platform;

/// <summary>
/// Makes a creating POST safe to repeat: the first answer to a caller's key is stored and returned again for the same
/// body; another body under the key is refused with 422, and a repetition while the first is in progress with 409.
/// Stored are successes and conflicts. Not stored are refusals that may pass later, such as an account that does not
/// exist yet, successes that contain such refusals (<see cref="NotFinal"/>), and faults: the same request is processed
/// again. A first attempt that never finished frees its key after a minute, because the work behind it is itself safe
/// to repeat.
/// </summary>
public static class IdempotencyKey
{
    private const string Header = "Idempotency-Key";
    private const int LongestRoute = 500;
    private static readonly byte[] Contended = Encoding.UTF8.GetBytes(Rejection.Contended.Code);
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
        endpoint.WithMetadata(new Required()).Refuses(Missing, OtherBody, InFlight)
            .AddOpenApiOperationTransformer((operation, _, _) =>
            {
                operation.Parameters ??= [];
                if (!operation.Parameters.Any(parameter => parameter.Name == Header))
                {
                    operation.Parameters.Add(new OpenApiParameter
                    {
                        Name = Header, In = ParameterLocation.Header, Required = true,
                        Schema = new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = 128 },
                    });
                }
                return Task.CompletedTask;
            });

    /// <summary>
    /// Declares that the answer contains refusals that may pass later, so that the same request is processed again:
    /// what it did the first time is recognised by its own keys.
    /// </summary>
    public static void NotFinal(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Items[typeof(IdempotencyKey)] = false;
    }

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
        var mine = new Mine(Actor.Current.By, key, RouteOf(context.Request));
        if (await Begin(source, mine, hash))
            await First(context, next, source, mine);
        else
            await Again(context, source, mine, hash);
    }

    /// <summary>
    /// The path with its query; of one that is too long for the table's key, a digest stands for the query.
    /// </summary>
    private static string RouteOf(HttpRequest request)
    {
        var route = request.Path + request.QueryString;
        return route.Length <= LongestRoute
            ? route
            : $"{request.Path}?{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(route)))}";
    }

    private static async Task<bool> Begin(NpgsqlDataSource source, Mine mine, byte[] hash)
    {
        await using var begin = mine.Command(source, """
            insert into idempotency as i (caller, key, route, body_hash) values ($1, $2, $3, $4)
            on conflict (caller, key, route) do update set started_at = now()
            where i.status is null and i.body_hash = excluded.body_hash and i.started_at < now() - interval '1 minute'
            """);
        begin.Parameters.Add(new() { Value = hash });
        return await begin.ExecuteNonQueryAsync() == 1;
    }

    private static async Task First(
        HttpContext context, RequestDelegate next, NpgsqlDataSource source, Mine mine)
    {
        var body = context.Response.Body;
        using var copy = new MemoryStream();
        using var done = new CancellationTokenSource();
        var underWay = KeepUnderWay(source, mine, done.Token);
        context.Response.Body = copy;
        try
        {
            await next(context);
        }
        catch
        {
            // The exception is handled further out, and its answer is not one to keep.
            context.Response.Body = body;
            await Forget(source, mine);
            throw;
        }
        finally
        {
            await done.CancelAsync();
            await underWay;
        }
        context.Response.Body = body;
        if (IsFinal(context, copy.ToArray()))
            await Keep(
                source, mine, context.Response.StatusCode, context.Response.ContentType ?? "", copy.ToArray());
        else
            await Forget(source, mine);
        copy.Position = 0;
        await copy.CopyToAsync(body, context.RequestAborted);
    }

    /// <summary>Whether an answer is final. A conflict of concurrent writers is not: it may pass.</summary>
    private static bool IsFinal(HttpContext context, ReadOnlySpan<byte> body) => context.Response.StatusCode switch
    {
        >= 200 and < 300 => !context.Items.ContainsKey(typeof(IdempotencyKey)),
        StatusCodes.Status409Conflict => body.IndexOf(Contended) < 0,
        _ => false,
    };

    /// <summary>Renews the mark that the first attempt is in progress, however long it takes.</summary>
    private static async Task KeepUnderWay(NpgsqlDataSource source, Mine mine, CancellationToken done)
    {
        using var timer = new PeriodicTimer(SignOfLife);
        try
        {
            while (await timer.WaitForNextTickAsync(done))
            {
                await using var alive = mine.Command(source,
                    "update idempotency set started_at = now() where " + Mine.Condition + " and status is null");
                await alive.ExecuteNonQueryAsync(done);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or NpgsqlException)
        {
            // Done, or the database is away; at worst a repetition is let through, which is safe.
        }
    }

    private static async Task Forget(NpgsqlDataSource source, Mine mine)
    {
        await using var forget = mine.Command(source, "delete from idempotency where " + Mine.Condition);
        await forget.ExecuteNonQueryAsync();
    }

    private static async Task Keep(NpgsqlDataSource source, Mine mine, int status, string contentType, byte[] body)
    {
        await using var keep = mine.Command(source,
            "update idempotency set status = $4, content_type = $5, body = $6 where " + Mine.Condition);
        keep.Parameters.Add(new() { Value = status });
        keep.Parameters.Add(new() { Value = contentType });
        keep.Parameters.Add(new() { Value = body });
        await keep.ExecuteNonQueryAsync();
    }

    private static async Task Again(HttpContext context, NpgsqlDataSource source, Mine mine, byte[] hash)
    {
        await using var look = mine.Command(
            source, "select body_hash, status, content_type, body from idempotency where " + Mine.Condition);
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

    /// <summary>A caller's key on one route.</summary>
    private sealed record Mine(string Caller, string Key, string Route)
    {
        public const string Condition = "caller = $1 and key = $2 and route = $3";

        public NpgsqlCommand Command(NpgsqlDataSource source, string sql)
        {
            var command = source.CreateCommand(sql);
            foreach (var part in new[] { Caller, Key, Route })
                command.Parameters.Add(new() { Value = part });
            return command;
        }
    }
}
