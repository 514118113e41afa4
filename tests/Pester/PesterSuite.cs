using System.Diagnostics;
using System.Reflection;
using System.Text;
using Xunit;
using Xunit.Abstractions;

namespace ElfMmu.Pester;

public class PesterSuite(ITestOutputHelper output)
{
    [PwshFact]
    public void Passes_in_a_fresh_pwsh()
    {
        string script = Path.Combine(FindFolder(), "Invoke-Suite.ps1");
        using var pwsh = new Process
        {
            StartInfo = new ProcessStartInfo("pwsh", ["-NoProfile", "-NonInteractive", "-File", script])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        var log = new StringBuilder();
        pwsh.OutputDataReceived += (_, line) => Append(line.Data);
        pwsh.ErrorDataReceived += (_, line) => Append(line.Data);
        pwsh.Start();
        pwsh.BeginOutputReadLine();
        pwsh.BeginErrorReadLine();
        pwsh.WaitForExit();
        output.WriteLine(log.ToString());
        Assert.True(pwsh.ExitCode == 0, log.ToString());

        void Append(string? line)
        {
            if (line != null)
            {
                lock (log)
                {
                    log.AppendLine(line);
                }
            }
        }
    }

    /// <summary>The folder of the suite, from where the tests were built.</summary>
    private static string FindFolder()
    {
        DirectoryInfo? folder = new FileInfo(Assembly.GetExecutingAssembly().Location).Directory;
        while (folder != null && !File.Exists(Path.Combine(folder.FullName, "Invoke-Suite.ps1")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("Invoke-Suite.ps1 isn't above the test assembly.");
    }
}
