using System.Diagnostics;
using System.Globalization;
using ElfMmu.Cli.Output;

namespace ElfMmu.Cli.Commands;

/// <summary>A line on the terminal that says how far the work is; nothing where nobody is looking.</summary>
internal sealed class ProgressLine(Terminal terminal) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly bool _shown = terminal.ErrorIsTerminal && terminal.Verbosity > Verbosity.Quiet;
    private long _start;
    private long _last;
    private int _width;

    /// <summary>Shows how much of how much is done, at most ten times a second; from any thread.</summary>
    public void Report(ulong done, ulong total)
    {
        if (!_shown)
        {
            return;
        }

        lock (_lock)
        {
            long now = Stopwatch.GetTimestamp();
            if (_start == 0)
            {
                _start = now;
            }

            if (_last != 0 && Stopwatch.GetElapsedTime(_last, now) < Interval)
            {
                return;
            }

            _last = now;
            string text = Format(done, total, Stopwatch.GetElapsedTime(_start, now));
            terminal.Error.Write("\r" + text.PadRight(_width));
            terminal.Error.Flush();
            _width = text.Length;
        }
    }

    /// <summary>One line: percent, bytes, time left as far as the speed so far tells.</summary>
    public static string Format(ulong done, ulong total, TimeSpan elapsed)
    {
        double share = total == 0 ? 1 : (double)done / total;
        string line = string.Create(
            CultureInfo.InvariantCulture, $"{share * 100,3:0}%  {ByteSize.Rounded(done)} of {ByteSize.Rounded(total)}");
        if (share <= 0 || elapsed < TimeSpan.FromSeconds(1))
        {
            return line;
        }

        double left = Math.Min(elapsed.TotalSeconds * (1 - share) / share, TimeSpan.FromDays(99).TotalSeconds);
        var time = TimeSpan.FromSeconds(Math.Ceiling(left));
        return string.Create(CultureInfo.InvariantCulture, $"{line}, {(int)time.TotalMinutes}:{time.Seconds:00} left");
    }

    /// <summary>Wipes the line out.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_width > 0)
            {
                terminal.Error.Write("\r" + new string(' ', _width) + "\r");
                terminal.Error.Flush();
                _width = 0;
            }
        }
    }
}
