using Billing.Platform;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using OpenIddict.Abstractions;

namespace Billing.Identity;

/// <summary>Two requests that change the same at once: the later one is told so, and nothing is lost.</summary>
internal static class Conflicts
{
    public static readonly Rejection Changed = Rejection.Conflict(
        "changed-meanwhile", "Somebody else changed this at the same time; nothing was done. Read it and try again.");

    /// <summary>Answers a conflict of an endpoint that changes something by 409.</summary>
    public static RouteHandlerBuilder AnswersConflicts(this RouteHandlerBuilder endpoint) => endpoint
        .Refuses(Changed)
        .AddEndpointFilter(async (context, next) =>
        {
            try
            {
                return await next(context);
            }
            catch (Exception e) when (
                e is DbUpdateConcurrencyException or OpenIddictExceptions.ConcurrencyException
                    // Our endpoints have checked the rest: what is left is another application of the same name.
                    or OpenIddictExceptions.ValidationException
                    or PostgresException { SqlState: PostgresErrorCodes.UniqueViolation }
                    or DbUpdateException
                    {
                        InnerException: DbUpdateConcurrencyException
                            or PostgresException { SqlState: PostgresErrorCodes.UniqueViolation },
                    })
            {
                return Changed.ToProblem();
            }
        });
}
