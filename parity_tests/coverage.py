"""What the project teaches, and where: names of `scratch`, and files here.

A row is a concept. Its names are torch's, read from `scratch` on (`vision`
stands for torchvision); each has a parity test of its own. What is no one
function's is shown by a file of parity_tests, whose path stands there.
"""

COVERAGE = {
    # tensors
    "ranges and shapes": "arange Tensor.reshape Tensor.shape Tensor.size",
    "zeros, ones, literal tensors": "zeros ones tensor zeros_like ones_like",
    "sampling": "randn rand normal manual_seed",
    "joining": "cat stack",
    "comparison": "eq gt Tensor.float",
    "reductions": "sum mean max argmax",
    "the bridge to NumPy": "Tensor.numpy from_numpy as_tensor tensor",
    "arithmetic, broadcasting": "add sub mul div pow",
    "inner product": "dot",
    "matrix and vector": "mv",
    "matrices and stacks of them": "mm matmul bmm ops/test_products.py",
    "norms": "linalg.norm Tensor.norm",
    "eigenvalues and vectors": "linalg.eig linalg.eigh linalg.eigvals",
    "inverse": "linalg.inv linalg.det linalg.solve",
    "definiteness": "linalg.eigvalsh linalg.cholesky",
    "in place or in new memory": "Tensor.data_ptr Tensor.add_",
    "elements and copies": "Tensor.numel Tensor.item Tensor.clone",
    "indexing": "Tensor.__getitem__ Tensor.__setitem__",
    "pointwise functions": "clamp log exp sqrt abs pow",
    "views": "Tensor.view Tensor.flatten",
    # gradients
    "leaves": "Tensor.requires_grad_ Tensor.is_leaf Tensor.grad_fn",
    "backward, and gradients that add up": "Tensor.backward Tensor.grad",
    "clearing gradients": "Tensor.zero_ nn.Module.zero_grad "
    "optim.Optimizer.zero_grad",
    "vector times Jacobian": "autograd.backward autograd.grad",
    "detaching": "Tensor.detach Tensor.data",
    "no gradients": "no_grad is_grad_enabled set_grad_enabled",
    "the chain rule on a graph": "autograd.graph tutorials/autograd_tour.py",
    "gradients of several numbers": "autograd.functional.jacobian func.grad",
    "Hessian, saddles": "autograd.functional.hessian tutorials/calculus.py",
    "slope along a direction": "func.jvp autograd.functional.jvp "
    "tutorials/calculus.py",
    "Taylor": "autograd.functional.hvp tutorials/calculus.py",
    "conditions of an optimum": "linalg.eigvalsh tutorials/calculus.py",
    "convexity": "tutorials/calculus.py",
    "a step's size on a quadratic": "optim.SGD tutorials/calculus.py",
    "derivatives by numbers": "autograd.gradcheck autograd.gradgradcheck",
    "backpropagation by hand": "autograd.Function tutorials/calculus.py",
    # layers
    "linear layer": "nn.Linear nn.functional.linear",
    "convolution": "nn.Conv2d nn.functional.conv2d nn.functional.unfold",
    "padding, stride, channels": "nn.functional.pad tutorials/filters.py",
    "depthwise and pointwise": "networks.NETWORKS tutorials/filters.py",
    "size of a convolution": "tutorials/filters.py",
    "parameters of a convolution": "tutorials/filters.py",
    "max-pooling": "nn.MaxPool2d nn.functional.max_pool2d",
    "average-pooling": "nn.AvgPool2d nn.functional.avg_pool2d",
    "pooling of all places": "nn.AdaptiveAvgPool2d",
    "flattening": "nn.Flatten",
    "dropout": "nn.Dropout nn.functional.dropout",
    "dropout by hand": "tutorials/fitting.py nn/test_facing.py",
    "batch normalization by hand": "nn.functional.batch_norm "
    "tutorials/traps.py nn/test_facing.py",
    "batch normalization": "nn.BatchNorm1d nn.BatchNorm2d",
    "sigmoid": "sigmoid nn.Sigmoid",
    "tanh": "tanh nn.Tanh",
    "relu": "relu nn.ReLU nn.functional.relu",
    "leaky relu": "nn.LeakyReLU nn.functional.leaky_relu",
    "swish": "nn.SiLU nn.functional.silu",
    "softmax": "softmax log_softmax logsumexp",
    "one of many": "nn.functional.one_hot",
    "cross-entropy": "nn.CrossEntropyLoss nn.functional.cross_entropy "
    "nn.functional.nll_loss",
    "logistic loss": "nn.BCELoss nn.BCEWithLogitsLoss",
    "squared loss": "nn.MSELoss nn.functional.mse_loss",
    "entropy, divergence": "nn.functional.kl_div "
    "distributions.kl.kl_divergence tutorials/signals.py",
    "why classes are not learned by squares": "tutorials/signals.py",
    "error of logarithms": "test_houses.py tutorials/traps.py",
    # modules
    "modules": "nn.Module nn.Module.add_module nn.Module.children "
    "nn.Module.modules nn.Module.apply",
    "layers in a row": "nn.Sequential",
    "modules by name and number": "nn.ModuleDict nn.ModuleList",
    "parameters": "nn.Parameter nn.Module.parameters "
    "nn.Module.named_parameters",
    "states": "nn.Module.state_dict nn.Module.load_state_dict",
    "files": "save load",
    "training and evaluation": "nn.Module.train nn.Module.eval",
    "conversion": "nn.Module.to Tensor.to Tensor.cuda Tensor.cpu",
    "devices": "device cuda.device_count cuda.is_available devices.try_gpu "
    "devices.try_all_gpus",
    "another device is refused": "test_settings.py",
    "normal and constant weights": "nn.init.normal_ nn.init.constant_ "
    "nn.init.zeros_ Tensor.normal_ Tensor.fill_",
    "uniform weights": "nn.init.uniform_",
    "Xavier's weights": "nn.init.xavier_uniform_ nn.init.xavier_normal_ "
    "nn.init.calculate_gain",
    "Kaiming's weights": "nn.init.kaiming_uniform_ nn.init.kaiming_normal_",
    "equal starts stay equal": "tutorials/signals.py",
    # data
    "data sets": "utils.data.TensorDataset utils.data.Dataset",
    "loaders": "utils.data.DataLoader utils.data.Subset "
    "utils.data.random_split",
    "made data": "utils.synthetic.linear_data utils.synthetic.polynomial_data",
    "pictures": "vision.datasets.FashionMNIST vision.datasets.CIFAR10",
    "transforms": "vision.transforms.Compose vision.transforms.ToTensor "
    "vision.transforms.Normalize vision.transforms.Resize",
    "augmentation": "vision.transforms.RandomHorizontalFlip "
    "vision.transforms.RandomVerticalFlip "
    "vision.transforms.RandomResizedCrop vision.transforms.ColorJitter",
    "tables": "utils.tables.read_csv utils.tables.Features",
    "scaling": "utils.scaling.Standard utils.scaling.MinMax",
    "whitening": "utils.scaling.Whitening linalg.svd cov",
    "search on a grid": "tutorials/descent.py",
    "search at random": "tutorials/descent.py",
    "folds": "utils.folds.k_folds tutorials/descent.py",
    # optimization
    "one, some or all examples a step": "tutorials/descent.py",
    "noise of a batch, rate by its size": "optim.control.scaled_lr "
    "tutorials/descent.py",
    "momentum": "optim.SGD tutorials/descent.py",
    "Nesterov's momentum": "optim.SGD tutorials/descent.py",
    "AdaGrad": "optim.Adagrad",
    "RMSprop": "optim.RMSprop",
    "AdaDelta": "optim.Adadelta",
    "Adam": "optim.Adam",
    "AdamW": "optim.AdamW",
    "Adam, then SGD": "optim/test_control.py",
    "weight decay": "optim.control.decay_groups "
    "tutorials/fitting.py",
    "clipping": "nn.utils.clip_grad_norm_ nn.utils.clip_grad_value_",
    "rates in steps": "optim.lr_scheduler.StepLR "
    "optim.lr_scheduler.MultiStepLR",
    "rates by a formula": "optim.lr_scheduler.LambdaLR",
    "exponential rates": "optim.lr_scheduler.ExponentialLR",
    "cosine rates": "optim.lr_scheduler.CosineAnnealingLR "
    "optim.lr_scheduler.CosineAnnealingWarmRestarts",
    "linear rates": "optim.lr_scheduler.LinearLR",
    "warm-up": "optim.lr_scheduler.SequentialLR "
    "optim.lr_scheduler.ChainedScheduler",
    "cyclic rates": "optim.lr_scheduler.CyclicLR optim.lr_scheduler.OneCycleLR",
    "early stopping": "optim.control.EarlyStopping "
    "tutorials/fitting.py",
    # studies
    "too simple, too complex": "networks.polynomial_regression "
    "tutorials/fitting.py",
    "errors of training and of use": "tutorials/fitting.py",
    "fading and growing gradients": "Tensor.register_hook "
    "nn.Module.register_forward_hook tutorials/signals.py",
    "flat activations": "tutorials/signals.py",
    "paths of optimizers": "optim/test_trajectories.py tutorials/descent.py",
    "out of a saddle by noise": "tutorials/descent.py",
    "what is shifted stays shifted": "roll tutorials/filters.py",
    "an edge detector learned": "networks.edge.edge_kernel "
    "tutorials/filters.py",
    "tools of a training": "tools.Accumulator tools.Timer tools.Animator "
    "tools.accuracy torchref/test_tools.py",
    # networks
    "LeNet": "networks.lenet",
    "AlexNet": "networks.alexnet",
    "VGG": "networks.vgg11",
    "network in network": "networks.nin",
    "GoogLeNet": "networks.googlenet",
    "ResNet": "networks.resnet18",
    "a network for CIFAR-10": "networks.cifar_cnn",
    "fine-tuning": "test_finetuning.py torchref/test_finetuning.py",
    "regions": "vision.ops.box_iou vision.ops.nms vision.ops.roi_pool "
    "vision.ops.roi_align nn.MultiMarginLoss nn.HingeEmbeddingLoss "
    "nn.SmoothL1Loss",
    "several classes from two": "tutorials/signals.py",
    "representation": "nn.Embedding tutorials/signals.py",
    "a walk through the layers": "summary.table tutorials/filters.py",
}
