using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;

namespace ElfMmu.PowerShell.Commands;

/// <summary>Shows how far an export is: bytes, percent and time left, at most five times a second.</summary>
internal sealed class ExportProgress(Cmdlet cmdlet, string path) : IDisposable
{
    private const int Interval = 200;

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private long _lastShown;
    private bool _shown;

    public void Report(ulong done, ulong total)
    {
        long now = _clock.ElapsedMilliseconds;
        if (now - _lastShown < Interval || done == 0)
        {
            return;
        }

        _lastShown = now;
        _shown = true;
        string status = string.Create(
            CultureInfo.CurrentCulture, $"{done / 1048576.0:n0} of {total / 1048576.0:n0} MiB");
        cmdlet.WriteProgress(new ProgressRecord(1, $"Exporting {path}", status)
        {
            PercentComplete = (int)(done * 100.0 / total),
            SecondsRemaining = (int)Math.Min(int.MaxValue, now / 1000.0 / done * (total - done)),
        });
    }

    public void Dispose()
    {
        if (_shown && !cmdlet.Stopping)
        {
            cmdlet.WriteProgress(new ProgressRecord(1, $"Exporting {path}", "Done") { RecordType = ProgressRecordType.Completed });
        }
    }
}
