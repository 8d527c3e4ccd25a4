/** What driving says, in English. `{name}` stands for a value. */
export const driveEn = {
  driveHeading: 'Driving',

  // Who drives.
  driveTake: 'Take control',
  driveRelease: 'Release',
  driveAsk: 'Ask {name} for control',
  driveTakeOver: 'Take over',
  driveWithdraw: 'Ask no more',
  driveGive: 'Give',
  driveKeep: 'Keep',
  driveSomebody: 'somebody',
  driveSomebodyFirst: 'Somebody',
  driveNobody: 'Nobody drives',
  driveYou: 'You drive',
  driveOther: '{name} drives',
  driveAsks: '{name} asks to drive.',
  driveAsksOther: '{name} asks {driver} for control.',
  driveAsked: 'Asked {name}. Time to answer:',
  driveRequesting: 'Asking for control …',
  driveSeconds: '{seconds} s',
  driveWatchOnly: 'Your link lets you watch and stop, but not drive.',
  driveNoGate:
    'This robot has no gate: it can’t tell an old command from a new one. The server stops it when its driver is gone.',

  // Why one doesn't get to drive.
  driveNoRight: 'Your link doesn’t let you drive.',
  driveTaken: 'Somebody else drives.',
  driveBusy: 'Somebody else is asking just now.',
  driveDeclined: 'Your request was declined.',
  driveNoAnswer: 'Your request was not answered.',
  driveNoPublisher: 'There is no robot to drive.',
  driveNotAdmin: 'To take over needs the right “admin”.',
  driveNotDriver: 'You don’t drive.',

  // How late it is.
  driveDelay: 'Loop delay',
  driveDelayMeaning:
    'From when the picture was taken that you see to when your command reaches the robot',
  driveCap: 'Top speed capped at {percent} %',
  driveLocked: 'Too old to drive',

  // What one drives with.
  driveReady: 'Arrows or W A S D drive, Space stops, X is the emergency stop.',
  driveKeysArea: 'Driving: arrows or W A S D drive, Space stops, X is the emergency stop',
  driveThumb: 'Drag a thumb to drive',
  driveTopSpeed: 'Top speed',
  drivePercent: '{percent} %',
  driveMaxSpeed: 'The car’s own top speed (maxSpeed)',
  driveSetMaxSpeed: 'Set',

  // The emergency stop.
  driveEmergency: 'Emergency stop',
  driveStopping: 'Stopping …',
  driveStopped: 'Stopped',
  driveClear: 'Clear the stop',
  driveEmergencyWhy: 'pressed in the console',
  drivePressed: 'Emergency stop pressed: nobody has confirmed it yet.',
  drivePressedOffline:
    'Emergency stop pressed, but there is no connection: it is sent as soon as there is one.',
  driveLatched: 'Emergency stop: the robot hasn’t confirmed it yet.',
  driveLatchedNoGate:
    'Emergency stop: the server lets no command pass. This robot can’t confirm it.',
  driveConfirmed: 'Emergency stop: the robot says that it stands still.',
  driveStoppedBy: 'By {by}.',
  driveStoppedByWhy: 'By {by}: {why}.',
  driveYourself: 'you',
  driveMember: 'member {number}',
  driveClearing: 'It is cleared at the robot, or by somebody with the right “admin”.',
  driveMayNotClear: 'The stop was not cleared: that needs the right “admin”.',

  // Why it doesn't go.
  driveOffline: 'It doesn’t go: no connection. The robot stops by itself.',
  driveNoClock: 'It doesn’t go yet: comparing clocks with the server.',
  driveNoPicture: 'Locked: there is no picture to drive by.',
  driveTooOld: 'Locked: the picture is too old to drive.',
  driveRobotSilent: 'It doesn’t go: nothing comes from the robot.',
  driveNewDriver: 'It doesn’t go yet: the robot waits for your first neutral command.',
  driveSilence: 'It stopped: no command reached the robot in time.',
  driveBlind: 'It stopped: as the robot knows, your picture is too old to drive.',
  driveNotReady: 'It doesn’t go: the robot isn’t ready.',
  driveStoppedAtRobot: 'It doesn’t go: the robot has stopped.',
  driveUnfocused: 'It doesn’t go while you are elsewhere: click on this page.',
  driveLetGo: 'Let go of all keys and sticks: then it goes again.',

  // What becomes of commands.
  driveExpired: 'Many commands reach the robot too late.',
  driveOutOfOrder: 'Many commands overtake each other on the way.',
  driveOtherLease: 'The robot takes somebody else’s commands.',
  driveFuture: 'The robot takes your commands for future ones: a clock is wrong.',
  driveNotNeutral: 'The robot waits for a neutral command.',
  driveEmergencyDrops: 'The robot drops commands: emergency stop.',
  driveBlindDrops: 'The robot drops commands: it doesn’t know your picture, or it is too old.',
  driveNotReadyDrops: 'The robot drops commands: it isn’t ready.',
  driveNoClockDrops: 'The robot drops commands: it doesn’t know the server’s clock yet.',
  driveMalformed: 'The robot can’t read your commands.',

  // Gamepads.
  drivePad: 'Gamepad',
  drivePadNone: 'None yet: connect one, and press a button on it.',
  drivePadInsecure:
    'Some browsers show gamepads to secure pages only. If yours does, open {address}',
  drivePadForbidden: 'The page around this one doesn’t allow gamepads (allow="gamepad").',
  drivePadSteering: 'Steering',
  drivePadThrottle: 'Throttle',
  drivePadTriggers: 'Triggers',
  drivePadAxis: 'Axis {index}',
  drivePadDeadZone: 'Dead zone',
  drivePadHold: 'Hold to run',
  drivePadHoldNone: 'Off',
  drivePadButton: 'Button {index}',
  drivePadReading: 'Steering {steering} %, throttle {throttle} %',
} as const;
