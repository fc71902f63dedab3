namespace Billing.Platform;

/// <summary>Why a command was refused: a value with a stable code that callers can program against.</summary>
/// <param name="Code">Stable, kebab-case; the <c>type</c> of the ProblemDetails.</param>
/// <param name="Message">For people.</param>
/// <param name="Status">The HTTP status the edge answers with.</param>
public sealed record Rejection(string Code, string Message, int Status)
{
    /// <summary>The request can never succeed in this form: 422.</summary>
    public static Rejection Invalid(string code, string message) => new(code, message, 422);

    /// <summary>The request contradicts what is already known: 409.</summary>
    public static Rejection Conflict(string code, string message) => new(code, message, 409);

    /// <summary>The thing the request is about does not exist: 404.</summary>
    public static Rejection NotFound(string code, string message) => new(code, message, 404);

    /// <summary>Other writers changed the stream during each of three attempts.</summary>
    public static readonly Rejection Contended =
        Conflict("stream-contended", "Others changed the same account at the same time; try again.");

    /// <summary>A natural key is already used by another stream.</summary>
    public static readonly Rejection KeyTaken =
        Conflict("key-taken", "The same natural key already stands for something else.");

    /// <summary>The same refusal with a message that names the facts of the case.</summary>
    public Rejection With(string message) => this with { Message = message };
}
