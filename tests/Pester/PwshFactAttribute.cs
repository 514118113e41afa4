using System.Diagnostics;
using Xunit;

namespace ElfMmu.Pester;

/// <summary>A fact that needs PowerShell 7.6 with Pester 5 on PATH and is skipped, with the reason, where they aren't.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PwshFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> Missing = new(Probe);

    public PwshFactAttribute() => Skip = Missing.Value;

    private static string? Probe()
    {
        const string Check = "$p = Get-Module Pester -ListAvailable | Where-Object Version -ge 5.5; "
            + "exit ($PSVersionTable.PSVersion -lt '7.6' ? 76 : $p ? 0 : 55)";
        try
        {
            using Process pwsh = Process.Start(new ProcessStartInfo("pwsh", ["-NoProfile", "-NonInteractive", "-Command", Check])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            pwsh.WaitForExit();
            return pwsh.ExitCode switch
            {
                0 => null,
                76 => "The Pester suite is skipped: the pwsh on PATH is older than 7.6.",
                _ => "The Pester suite is skipped: pwsh has no Pester 5 (Install-Module Pester).",
            };
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "The Pester suite is skipped: there is no pwsh on PATH.";
        }
    }
}
