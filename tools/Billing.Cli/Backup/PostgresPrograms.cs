using System.Diagnostics;
using Npgsql;

namespace Billing.Tools;

/// <summary>Runs the programs that come with PostgreSQL, in the version of the instance's server.</summary>
internal static class PostgresPrograms
{
    /// <summary>The major version of the programs, which is the server's.</summary>
    public static async Task<int> Major(CancellationToken cancellation)
    {
        var words = (await Run("postgres", ["--version"], null, cancellation)).Split(' ');
        return int.Parse(words.First(word => char.IsDigit(word[0])).Split('.')[0].Trim(),
            System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>The system identifier of a server, read from its data; a copy has that of the original.</summary>
    public static async Task<string> ServerOf(string data, CancellationToken cancellation)
    {
        const string label = "Database system identifier:";
        var lines = (await Run("pg_controldata", ["-D", data], null, cancellation)).Split('\n');
        return lines.First(line => line.StartsWith(label, StringComparison.Ordinal))[label.Length..].Trim();
    }

    /// <summary>The system identifier of the running server.</summary>
    public static async Task<string> ServerOf(CancellationToken cancellation)
    {
        await using var admin = await RestoredDatabase.Open(Instance.Admin, cancellation);
        await using var ask = new NpgsqlCommand("select system_identifier::text from pg_control_system()", admin);
        return (string)(await ask.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>Runs a program and returns its output.</summary>
    /// <exception cref="Failure">It failed; the message contains its error output.</exception>
    public static async Task<string> Run(
        string program, IEnumerable<string> arguments, NpgsqlConnectionStringBuilder? server,
        CancellationToken cancellation)
    {
        using var process = Start(program, arguments, server);
        var errors = process.StandardError.ReadToEndAsync(cancellation);
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync(cancellation);
        await End(program, process, errors, cancellation);
        return output;
    }

    /// <summary>Runs two programs with the output of the first as input of the second.</summary>
    /// <exception cref="Failure">One of them failed.</exception>
    public static async Task Pipe(
        (string Program, string[] Arguments, NpgsqlConnectionStringBuilder Server) from,
        (string Program, string[] Arguments, NpgsqlConnectionStringBuilder Server) to, CancellationToken cancellation)
    {
        using var writer = Start(from.Program, from.Arguments, from.Server);
        using var reader = Start(to.Program, to.Arguments, to.Server);
        var written = writer.StandardError.ReadToEndAsync(cancellation);
        var read = reader.StandardError.ReadToEndAsync(cancellation);
        writer.StandardInput.Close();
        try
        {
            await writer.StandardOutput.BaseStream.CopyToAsync(reader.StandardInput.BaseStream, cancellation);
        }
        catch (IOException)
        {
            // The reader has ended; its error says why.
            writer.Kill();
            await End(to.Program, reader, read, cancellation);
        }
        reader.StandardInput.Close();
        await End(from.Program, writer, written, cancellation);
        await End(to.Program, reader, read, cancellation);
    }

    private static Process Start(
        string program, IEnumerable<string> arguments, NpgsqlConnectionStringBuilder? server)
    {
        var start = new ProcessStartInfo(Path.Combine(Instance.PostgresBin, program), arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            Environment = { ["LC_ALL"] = "C.UTF-8" },
        };
        if (server is not null)
        {
            start.Environment["PGHOST"] = server.Host;
            start.Environment["PGPORT"] = $"{server.Port}";
            start.Environment["PGUSER"] = server.Username;
            start.Environment["PGPASSWORD"] = server.Password;
        }
        return Process.Start(start)!;
    }

    private static async Task End(
        string program, Process process, Task<string> errors, CancellationToken cancellation)
    {
        await process.WaitForExitAsync(cancellation);
        if (process.ExitCode != 0)
            throw new Failure($"{program} failed: {(await errors).Trim()}");
    }
}
