using System.CommandLine;

namespace Billing.Tools;

/// <summary>
/// <c>redrive</c>: returns failed messages to their queues, after the cause of their failure was repaired.
/// </summary>
internal static class RedriveCommand
{
    public static Command Create()
    {
        var queue = new Argument<string?>("queue")
        {
            Description = "the queue whose messages failed, such as payments.on-invoices-issued",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var all = new Option<bool>("--all") { Description = "every queue" };
        var list = new Option<bool>("--list") { Description = "only show them" };
        var command = new Command("redrive", "Sends failed messages back to their consumers.") { queue, all, list };
        command.SetAction((arguments, cancellation) => Run(
            arguments.GetValue(queue), arguments.GetValue(all), arguments.GetValue(list), cancellation));
        return command;
    }

    private static async Task<int> Run(string? queue, bool all, bool list, CancellationToken cancellation)
    {
        var messages = new FailedMessages(Instance.RabbitMq, Instance.RabbitMqManagement);
        var waiting = await messages.Queues(cancellation);
        if (queue is not null)
            waiting = [.. waiting.Where(entry => entry.Queue == queue.Replace("_error", "", StringComparison.Ordinal))];
        else if (!all && !list)
            throw new Failure("Name a queue, or say --all; --list shows what there is.");
        if (waiting.Count == 0)
            Console.WriteLine("No failed messages.");
        var code = 0;
        foreach (var (name, count) in waiting)
        {
            Console.WriteLine($"{name}: {count}");
            try
            {
                Tell(list ? await messages.Look(name, cancellation) : await messages.SendBack(name, cancellation),
                    list);
            }
            catch (Failure failure)
            {
                // A fault of one queue does not keep the others from being redriven.
                Console.WriteLine($"  {failure.Message}");
                code = failure.Code;
            }
        }
        return code;
    }

    private static void Tell(IReadOnlyList<FailedMessage> told, bool list)
    {
        foreach (var message in told)
        {
            Console.WriteLine($"  {message.Type} {message.Id} failed {message.FailedAt}");
            Console.WriteLine($"    {message.Exception}: {message.Reason}");
        }
        if (!list)
            Console.WriteLine($"  {told.Count} sent back");
    }
}
