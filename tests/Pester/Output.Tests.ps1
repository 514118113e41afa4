# Nothing half-written: asking first, replacing, and stopping in the middle.

BeforeAll {
    . $PSScriptRoot/Common.ps1
    $small = New-SmallDump "$TestDrive/small.bin"
    $get = @{ Root = 0x1000ul; Mode = 'ia32e' }
    $folder = (New-Item -ItemType Directory "$TestDrive/work").FullName
    $old = 'what was there before'
}

Describe 'Asking first' {
    BeforeEach { Get-ChildItem $folder -Force | Remove-Item -Force }

    It 'is supported' {
        $parameters = (Get-Command Export-ElfCore).Parameters
        $parameters.Keys | Should -Contain 'WhatIf'
        $parameters.Keys | Should -Contain 'Confirm'
    }

    It 'writes nothing with -WhatIf' {
        Get-PageTableMapping $small @get | Export-ElfCore "$folder/a.elf" -PassThru -WhatIf | Should -BeNullOrEmpty
        Export-ElfCore "$folder/b.elf" -Dump $small @get -WhatIf
        Get-FileName $folder | Should -BeNullOrEmpty
    }

    It 'leaves an existing file alone with -WhatIf' {
        [IO.File]::WriteAllText("$folder/a.elf", $old)
        Get-PageTableMapping $small @get | Export-ElfCore "$folder/a.elf" -Force -WhatIf
        [IO.File]::ReadAllText("$folder/a.elf") | Should -Be $old
    }

    It 'follows $WhatIfPreference' {
        & { $WhatIfPreference = $true; Get-PageTableMapping $small @get | Export-ElfCore "$folder/a.elf" }
        Get-FileName $folder | Should -BeNullOrEmpty
    }

    It 'says which file' {
        $text = Invoke-Fresh {
            Import-Module $args[0]
            Get-PageTableMapping $args[1] -Root 0x1000 -Mode ia32e | Export-ElfCore $args[2] -WhatIf
        } $small, "$folder/a.elf" | Out-String
        $text | Should -Match 'What if: Performing the operation "Export ELF core" on target ".*a\.elf"\.'
    }

    It 'doesn''t ask with -Confirm:$false, whatever the preference' {
        & { $ConfirmPreference = 'Low'; Get-PageTableMapping $small @get | Export-ElfCore "$folder/a.elf" -Confirm:$false }
        Get-FileName $folder | Should -Be 'a.elf'
    }
}

Describe 'Replacing' {
    BeforeEach {
        Get-ChildItem $folder -Force | Remove-Item -Force
        [IO.File]::WriteAllText("$folder/core.elf", $old)
    }

    It 'is what happens by default' {
        Get-PageTableMapping $small @get | Export-ElfCore "$folder/core.elf"
        Read-ElfLoad "$folder/core.elf" | Should -HaveCount 4
        Get-FileName $folder | Should -Be 'core.elf'
    }

    It 'happens at the end: the old file can be read until then' {
        Get-PageTableMapping $small @get |
            ForEach-Object { [IO.File]::ReadAllText("$folder/core.elf") | Should -Be $old; $_ } |
            Export-ElfCore "$folder/core.elf"
        Read-ElfLoad "$folder/core.elf" | Should -HaveCount 4
    }

    It 'doesn''t happen when the pipeline before it ends in an error' {
        { Get-PageTableMapping $small @get | ForEach-Object { if ($_.Size -gt 4kb) { throw 'enough' }; $_ } |
            Export-ElfCore "$folder/core.elf" } |
            Should -Throw enough
        [IO.File]::ReadAllText("$folder/core.elf") | Should -Be $old
        Get-FileName $folder | Should -Be 'core.elf'
    }

    It 'writes through a symbolic link' -Skip:$IsWindows {
        $null = New-Item -ItemType SymbolicLink -Path "$folder/link.elf" -Target "$folder/core.elf"
        Get-PageTableMapping $small @get | Export-ElfCore "$folder/link.elf"
        (Get-Item "$folder/link.elf").LinkType | Should -Be 'SymbolicLink'
        Read-ElfLoad "$folder/core.elf" | Should -HaveCount 4
    }

    It 'gives the file a name with [brackets] as it is' {
        Get-PageTableMapping $small @get | Export-ElfCore "$folder/a[1].elf" -PassThru | Get-ElfHeader | ForEach-Object Path |
            Should -Be (Join-Path $folder 'a[1].elf')
    }
}

Describe 'Stopping in the middle of an export: <Name>' -ForEach @(
    @{ Name = 'from a pipeline'; Script = 'Get-PageTableMapping $dump -Root 0x1000 -Mode ia32e | Export-ElfCore $core' }
    @{ Name = 'from -Dump'; Script = 'Export-ElfCore $core -Dump $dump -Root 0x1000 -Mode ia32e' }) {
    BeforeAll {
        # More pages in more holes than can be copied before the test notices that copying began; 256 MiB on the disk.
        $gigabytes = foreach ($i in 0..255) {
            @{ Virtual = [ulong]$i * 1gb; Physical = [ulong]$i * 1gb; PageSize = 1gb }
        }
        $big = New-RawDump "$TestDrive/big.bin" 256gb (New-PageTable $gigabytes)
        Add-DataPage $big 4mb
        Get-ChildItem $folder -Force | Remove-Item -Force
        [IO.File]::WriteAllText("$folder/core.elf", $old)
        $runspace = [runspacefactory]::CreateRunspace()
        $runspace.Open()
        $shell = [powershell]::Create($runspace)
        $null = $shell.AddScript("param(`$module, `$dump, `$core) Import-Module `$module; $Script; 'finished'").
            AddArgument($modulePath).AddArgument($big).AddArgument("$folder/core.elf")
        $running = $shell.BeginInvoke()
        while (-not $running.IsCompleted -and (Get-FileName $folder).Count -lt 2) {
            Start-Sleep -Milliseconds 5
        }

        $begun = @(Get-FileName $folder)
        $shell.Stop()
    }

    AfterAll {
        $shell.Dispose()
        $runspace.Dispose()
        Remove-Item $big
    }

    It 'had begun to write a temporary file' {
        $begun | Should -HaveCount 2
        $begun | Where-Object { $_ -ne 'core.elf' } | Should -Match '^\.core\.elf\..*\.tmp$'
    }

    It 'stops' {
        $shell.InvocationStateInfo.State | Should -Be 'Stopped'
        $shell.HadErrors -and $shell.Streams.Error.Count -gt 0 | Should -BeFalse
    }

    It 'leaves the old file as it was, and nothing beside it' {
        [IO.File]::ReadAllText("$folder/core.elf") | Should -Be $old
        Get-FileName $folder | Should -Be 'core.elf'
    }

    It 'lets go of the dump' {
        [IO.File]::Open($big, 'Open', 'ReadWrite', 'None').Dispose()
    }

    It 'leaves the shell usable' {
        $again = [powershell]::Create($runspace)
        $null = $again.AddScript('param($dump, $core) Get-PageTableMapping $dump -Root 0x1000 -Mode ia32e |
            Export-ElfCore $core -PassThru').
            AddArgument($small).AddArgument("$folder/core.elf")
        $files = $again.Invoke()
        $again.Streams.Error | Should -BeNullOrEmpty
        $again.Dispose()
        $files.Name | Should -Be 'core.elf'
        Read-ElfLoad "$folder/core.elf" | Should -HaveCount 4
    }
}

Describe 'Stopping in the middle of a walk' {
    It 'ends it and lets go of the dump' {
        $million = New-MillionPageDump "$TestDrive/million.bin"
        $seen = [System.Collections.Concurrent.ConcurrentQueue[object]]::new()
        $shell = [powershell]::Create()
        $null = $shell.AddScript(@'
param($module, $dump, $seen)
Import-Module $module
Get-PageTableMapping $dump -Root 0x1000 -Mode ia32e | ForEach-Object { $seen.Enqueue(1); Start-Sleep -Milliseconds 1 }
'@).AddArgument($modulePath).AddArgument($million).AddArgument($seen)
        $running = $shell.BeginInvoke()
        while (-not $running.IsCompleted -and $seen.Count -lt 3) {
            Start-Sleep -Milliseconds 5
        }

        $shell.Stop()
        $shell.InvocationStateInfo.State | Should -Be 'Stopped'
        $seen.Count | Should -BeLessThan 1048576
        $shell.Streams.Error | Should -BeNullOrEmpty
        $shell.Dispose()
        [IO.File]::Open($million, 'Open', 'ReadWrite', 'None').Dispose()
    }
}
